// What is known of a claim in the end.
#pragma once

typedef enum Verdict {
    VERDICT_UNKNOWN = 0,
    VERDICT_PROVED,
    VERDICT_REFUTED,
    VERDICT_VACUOUS, // there is nothing to prove: no input meets the precondition
} Verdict;
