// What is known of a claim in the end.
#pragma once

typedef enum Verdict { VERDICT_UNKNOWN = 0, VERDICT_PROVED, VERDICT_REFUTED } Verdict;
