// certificate.txt: the choices from which a checker computes everything again
// (docs/certificate-format.md, K10 and K11).
#pragma once

#include "proof.h"

// Appends the file. Requires: VERDICT_PROVED, and the whole. Errors: STATUS_INTERNAL (C010) when an
// edge case comes without choices.
MUST_USE Status certificate_write(Text *text, const Proof *proof, Diag *diag);
