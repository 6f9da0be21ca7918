"""The training step of Ripple in PyTorch, for comparison: same architecture and edges, same batch,
AdamW, float32, CPU.

    train_torch.py MODEL QUESTIONS BATCH PROMPT RATE BETA1 BETA2 EPSILON DECAY THREADS SECONDS

MODEL and QUESTIONS come from `bench_train export`. Prints the questions a second, and the loss of the
first and the last step. It is written as a PyTorch user would who cares for speed: queries, keys and
values in one product, all heads in one, logits only where they have a loss, the multi-tensor AdamW,
and questions prepared beforehand."""

import json
import struct
import sys
import time

import numpy
import torch
from torch.nn import functional


def read_safetensors(path):
    data = open(path, "rb").read()
    (size,) = struct.unpack("<Q", data[:8])
    header = json.loads(data[8 : 8 + size])
    types = {"F32": numpy.float32, "BOOL": numpy.bool_}
    tensors = {}
    for name, entry in header.items():
        if name != "__metadata__":
            first, last = entry["data_offsets"]
            numbers = numpy.frombuffer(data[8 + size + first : 8 + size + last], types[entry["dtype"]])
            tensors[name] = torch.tensor(numbers.reshape(entry["shape"]))
    return header["__metadata__"], tensors


class Layer(torch.nn.Module):
    def __init__(self, tensors, prefix, length, scale):
        super().__init__()
        get = lambda name: tensors[prefix + name]
        self.heads, D, self.d_head = get("attn.W_Q").shape
        flat = lambda name: get("attn." + name).permute(1, 0, 2).reshape(D, -1)
        joined = torch.cat([flat("W_Q"), flat("W_K"), flat("W_V")], 1)
        biases = torch.cat([get("attn." + name).reshape(-1) for name in ("b_Q", "b_K", "b_V")])
        self.qkv, self.qkv_bias = torch.nn.Parameter(joined), torch.nn.Parameter(biases)
        self.out = torch.nn.Parameter(get("attn.W_O").reshape(-1, D))
        self.out_bias = torch.nn.Parameter(get("attn.b_O"))
        self.mlp_in = torch.nn.Parameter(get("mlp.W_in"))
        self.mlp_in_bias = torch.nn.Parameter(get("mlp.b_in"))
        self.mlp_out = torch.nn.Parameter(get("mlp.W_out"))
        self.mlp_out_bias = torch.nn.Parameter(get("mlp.b_out"))
        edges = get("attn.edges")[:, :length, :length]
        self.mask = torch.zeros(edges.shape).masked_fill(~edges, -1e9)
        self.scale = scale

    def forward(self, x):
        B, T, D = x.shape
        rows = x.reshape(-1, D)
        qkv = torch.addmm(self.qkv_bias, rows, self.qkv)
        q, k, v = qkv.view(B, T, 3, self.heads, self.d_head).permute(2, 0, 3, 1, 4)
        weights = ((q @ k.transpose(-1, -2)) * self.scale + self.mask).softmax(-1)
        z = (weights @ v).transpose(1, 2).reshape(B * T, -1)
        rows = rows + torch.addmm(self.out_bias, z, self.out)
        h = torch.relu(torch.addmm(self.mlp_in_bias, rows, self.mlp_in))
        rows = rows + torch.addmm(self.mlp_out_bias, h, self.mlp_out)
        return rows.view(B, T, D)


class Network(torch.nn.Module):
    def __init__(self, metadata, tensors, prompt, length):
        super().__init__()
        self.prompt = prompt
        self.tokens = torch.nn.Parameter(tensors["embed.W_E"])
        self.positions = torch.nn.Parameter(tensors["pos_embed.W_pos"][:length])
        scale = float(metadata["score_scale"])
        self.layers = torch.nn.ModuleList(
            Layer(tensors, f"blocks.{l}.", length, scale) for l in range(int(metadata["layers"]))
        )
        self.unembed = torch.nn.Parameter(tensors["unembed.W_U"])
        self.unembed_bias = torch.nn.Parameter(tensors["unembed.b_U"])

    def forward(self, tokens):
        x = functional.embedding(tokens, self.tokens) + self.positions
        for layer in self.layers:
            x = layer(x)
        answers = x[:, self.prompt - 1 :].reshape(-1, x.shape[-1])
        return torch.addmm(self.unembed_bias, answers, self.unembed)


def adamw(parameters, **options):
    try:
        return torch.optim.AdamW(parameters, foreach=True, **options)
    except TypeError:  # before PyTorch 1.12
        return torch.optim.AdamW(parameters, **options)


def main():
    model, questions = sys.argv[1:3]
    batch, prompt = int(sys.argv[3]), int(sys.argv[4])
    rate, beta1, beta2, epsilon, decay = map(float, sys.argv[5:10])
    threads, seconds = int(sys.argv[10]), float(sys.argv[11])
    torch.set_num_threads(threads)
    metadata, tensors = read_safetensors(model)
    length = int(metadata["n_ctx"]) - 1
    data = numpy.fromfile(questions, numpy.uint8).reshape(-1, batch, length + 1)
    data = torch.tensor(data.astype(numpy.int64))
    network = Network(metadata, tensors, prompt, length)
    optimiser = adamw(network.parameters(), lr=rate, betas=(beta1, beta2), eps=epsilon,
                      weight_decay=decay)

    def step(number):
        tokens = data[number % len(data)]
        logits = network(tokens[:, :-1])
        loss = functional.cross_entropy(logits, tokens[:, prompt:].reshape(-1))
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        optimiser.step()
        return loss

    first = step(0).item()
    for warm_up in range(1, 5):
        step(warm_up)
    started, steps = time.perf_counter(), 0
    while time.perf_counter() - started < seconds:
        loss = step(5 + steps)
        steps += 1
    speed = steps * batch / (time.perf_counter() - started)
    print(f"{speed:.0f} {first:.6f} {loss.item():.6f}")


main()
