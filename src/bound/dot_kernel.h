// dot_many; compiled once for each way to write Lanes, with DOT_PASS naming the function that it
// defines.

void DOT_PASS(const int32_t *a, const int32_t *b, int K, int stride, int count, int64_t *ret)
{
    for (int i = 0; i < count; i += DOT_LANES) {
        Lanes sum = lanes_splat(0);
        for (int k = 0; k < K; k++)
            sum = lanes_add(sum, lanes_multiply(lanes_splat(a[k]),
                                                lanes_load(b + (size_t)k * (size_t)stride + i)));
        lanes_store(ret + i, sum);
    }
}
