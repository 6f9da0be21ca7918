#include "clip.h"

float clip_scale(Clip *clip, double length)
{
    double scale = 1.0, most = (double)clip->limit * clip->mean_length;
    if (most > 0.0 && length > most)
        scale = most / length;
    if (clip->mean_length == 0.0)
        clip->mean_length = length;
    clip->mean_length += 0.02 * (scale * length - clip->mean_length);
    return (float)scale;
}
