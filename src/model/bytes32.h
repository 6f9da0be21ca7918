// Little-endian integers and binary32 numbers in files.
#pragma once

#include <stdint.h>
#include <string.h>

static inline uint64_t bytes_get_u64(const unsigned char *bytes)
{
    uint64_t value = 0;
    for (int i = 7; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static inline void bytes_put_u64(uint64_t value, unsigned char *ret_bytes)
{
    for (int i = 0; i < 8; i++)
        ret_bytes[i] = (unsigned char)(value >> 8 * i);
}

static inline float bytes_get_f32(const unsigned char *bytes)
{
    uint32_t bits = (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
                    (uint32_t)bytes[3] << 24;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline void bytes_put_f32(float value, unsigned char *ret_bytes)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    for (int i = 0; i < 4; i++)
        ret_bytes[i] = (unsigned char)(bits >> 8 * i);
}
