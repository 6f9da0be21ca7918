// The machine's peak rate of binary32 multiply-adds, measured: chains of fused multiply-adds that
// never leave the registers, as many at once as hide their latency.
#pragma once

// Multiply-adds a second of `threads` threads together, over about `seconds`.
double peak_multiply_adds(int threads, double seconds);
