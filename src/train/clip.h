// A limit on the length of the gradient, relative to what it has been of late.
//
// Once most questions are answered with confidence, gradients are tiny, and AdamW has scaled its steps
// up to match. A batch with one bad question then moves all weights by a full step in a direction that
// is right for that question alone; the next batch has more of them; and the loss jumps by orders of
// magnitude. Shortened to a little more than the usual length, such a gradient does its work over many
// steps, together with the others'.
#pragma once

typedef struct Clip {
    float limit;        // times the running mean; 0: no limit
    double mean_length; // 0 before the first step
} Clip;

// The factor in (0, 1] for a gradient of this length; the mean moves by a fiftieth towards what the
// factor leaves of it.
float clip_scale(Clip *clip, double length);
