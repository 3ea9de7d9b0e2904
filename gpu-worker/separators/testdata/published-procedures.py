"""Writes published-procedures.json: what the published inference procedures give, at their published sizes, for the tiny seeded
networks of ../tiny-models and the song of ../test-signals.test-kit.ts, at a few sample positions of every slot. NumPy alone, in
double precision; no code or constant is shared with the project.

    python3 -m venv venv && venv/bin/pip install numpy && venv/bin/python published-procedures.py > published-procedures.json
"""
import json
import sys

import numpy as np

POSITIONS = 8


def seeded(seed, count, size):
    """Mulberry32, between -size and size, rounded to float32."""
    with np.errstate(over="ignore"):
        state = np.uint32(seed) + np.uint32(0x6D2B79F5) * np.arange(1, count + 1, dtype=np.uint32)
        bits = (state ^ (state >> np.uint32(15))) * (state | np.uint32(1))
        bits ^= bits + (bits ^ (bits >> np.uint32(7))) * (bits | np.uint32(61))
        bits ^= bits >> np.uint32(14)
    return ((bits / 2.0**31 - 1) * size).astype(np.float32).astype(np.float64)


def rough_song(samples, seed):
    n = np.arange(samples)
    return np.stack([
        seeded(seed + side, samples, 0.5) * (0.6 + 0.4 * np.sin(n / (313 + side))) + 0.2 * np.sin(n / (9 + 2 * side)) + 0.01
        for side in (0, 1)
    ]).astype(np.float32).astype(np.float64)


def convolution(x, out, seed, size, bias, taps):
    """(channels, ...) -> (out, ...): a seeded convolution of `taps` points per axis with zero padding, then a kink."""
    axes = x.ndim - 1
    weights = seeded(seed, out * x.shape[0] * taps**axes, size).reshape(out, x.shape[0], *[taps] * axes)
    half = taps // 2
    padded = np.pad(x, [(0, 0)] + [(half, half)] * axes)
    y = np.zeros((out, *x.shape[1:]))
    for tap in np.ndindex(*[taps] * axes):
        part = padded[(slice(None), *[slice(t, t + n) for t, n in zip(tap, x.shape[1:])])]
        y += np.tensordot(weights[(slice(None), slice(None), *tap)], part, 1)
    y += seeded(seed + 1, out, bias).reshape(-1, *[1] * axes)
    return np.where(y < 0, np.float64(np.float32(0.3)) * y, y)


def hann(size):
    return np.sin(np.pi * np.arange(size) / size) ** 2


def stft(x, hop, window):
    """(channels, samples) -> (channels, bins, frames), centred, reflected."""
    half = len(window) // 2
    padded = np.pad(x, ((0, 0), (half, half)), mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, len(window), axis=1)[:, ::hop]
    return np.fft.rfft(frames * window, axis=2).transpose(0, 2, 1)


def istft(z, hop, window):
    size = len(window)
    length = (z.shape[2] - 1) * hop + size
    total, squares = np.zeros((z.shape[0], length)), np.zeros(length)
    for t, frame in enumerate(np.fft.irfft(z, size, axis=1).transpose(2, 0, 1)):
        total[:, t * hop:t * hop + size] += frame * window
        squares[t * hop:t * hop + size] += window**2
    return (total / np.maximum(squares, 1e-11))[:, size // 2:length - size // 2]


def as_planes(z):
    """Left re, left im, right re, right im."""
    return np.stack([z[0].real, z[0].imag, z[1].real, z[1].imag])


def mdx_chunk(chunk, n_fft, dim_f, seed, signs, low):
    z = stft(chunk, 1024, hann(n_fft))[:, :dim_f]
    z[:, :low] = 0
    planes = sum(s * convolution(s * as_planes(z), 4, seed, 0.25, 3, 3) for s in signs) / len(signs)
    full = np.zeros((2, n_fft // 2 + 1, z.shape[2]), dtype=complex)
    full[:, :dim_f] = planes[0::2] + 1j * planes[1::2]
    return istft(full, 1024, hann(n_fft))


def mdx_fast(mix, n_fft, dim_f, dim_t, compensate, low, seed):
    """kuielab/mdx-net-submission, mdxnet.py; `low` bins hidden as UVR does for its own models."""
    trim, chunk = n_fft // 2, 1024 * (dim_t - 1)
    gen, n = chunk - n_fft, mix.shape[1]
    pad = gen - n % gen
    padded = np.pad(mix, ((0, 0), (trim, pad + trim)))
    parts = [mdx_chunk(padded[:, i:i + chunk], n_fft, dim_f, seed, [1], low)[:, trim:-trim] for i in range(0, n + pad, gen)]
    stem = np.concatenate(parts, 1)[:, :n]
    return [stem, mix - compensate * stem]


def mdx_best(mix, n_fft, dim_f, dim_t, compensate, seed):
    """Half-overlapped chunks under a raised cosine, at peak 0.9, f(x) and -f(-x) averaged, three bins hidden."""
    chunk, n = 1024 * (dim_t - 1), mix.shape[1]
    step, peak = chunk // 2, np.abs(mix).max()
    padded = np.pad(mix / peak * 0.9, ((0, 0), (step, 2 * chunk)))
    total = np.zeros_like(padded)
    window = np.sin(np.pi * (np.arange(chunk) + 0.5) / chunk) ** 2
    for i in range(0, n + step, step):
        total[:, i:i + chunk] += window * mdx_chunk(padded[:, i:i + chunk], n_fft, dim_f, seed, [1, -1], 3)
    stem = total[:, step:step + n] / 0.9 * peak
    return [stem, mix - compensate * stem]


def demix(mix, chunk, num_overlap, hear, normalize):
    """Music-Source-Separation-Training, utils/model_utils.py, generic mode, batch size 1. hear: (2, chunk) -> (stems, 2, chunk)."""
    mean, std = (mix.mean(0).mean(), mix.mean(0).std()) if normalize else (0, 1)
    x, length = (mix - mean) / std, mix.shape[1]
    fade, step = chunk // 10, chunk // num_overlap
    border = chunk - step
    bordered = length > 2 * border
    if bordered:
        x = np.pad(x, ((0, 0), (border, border)), mode="reflect")
    base = np.ones(chunk)
    base[:fade], base[-fade:] = np.linspace(0, 1, fade), np.linspace(1, 0, fade)
    result, counter, i = 0, np.zeros(x.shape[1]), 0
    total = None
    while i < x.shape[1]:
        part = x[:, i:i + chunk]
        n = part.shape[1]
        mode = "reflect" if n > chunk // 2 else "constant"
        stems = hear(np.pad(part, ((0, 0), (0, chunk - n)), mode=mode))
        window = base.copy()
        if i == 0:
            window[:fade] = 1
        elif i + step >= x.shape[1]:
            window[-fade:] = 1
        total = np.zeros((len(stems), *x.shape)) if total is None else total
        total[..., i:i + n] += stems[..., :n] * window[:n]
        counter[i:i + n] += window[:n]
        i += step
    result = total / counter * std + mean
    return result[..., border:-border] if bordered else result


def complex_net(segment, samples, n_fft, hop, window, scale, stems, seed):
    """STFT of the zero-padded segment, the network on its planes, and back."""
    padded = np.pad(segment, ((0, 0), (0, samples - segment.shape[1])))
    planes = convolution(as_planes(stft(padded, hop, window) * scale), 4 * stems, seed, 0.25, 0.5, 3) / scale
    z = planes[0::2] + 1j * planes[1::2]
    waves = istft(z, hop, window)[:, :segment.shape[1]]
    return waves.reshape(stems, 2, -1)


def scnet(mix, num_overlap, seed):
    hear = lambda s: complex_net(s, 486400, 4096, 1024, np.ones(4096), 1 / 64, 4, seed)
    return list(demix(mix, 485100, num_overlap, hear, True))


def kim(mix, num_overlap, seed):
    hear = lambda s: complex_net(s, 352800, 2048, 441, hann(2048), 1, 1, seed)
    vocals = demix(mix, 352800, num_overlap, hear, False)[0]
    return [vocals, mix - vocals]


def sw(mix, num_overlap, seed):
    hear = lambda s: complex_net(s, 588800, 2048, 512, hann(2048), 1, 6, seed)
    return list(demix(mix, 588800, num_overlap, hear, False))


def htdemucs(mix, overlap, sources, seed):
    """demucs/apply.py without shifts around HTDemucs' _spec, _mask of complex channels, _ispec."""
    size, hop, n_fft, length = 343980, 1024, 4096, mix.shape[1]
    frames, pad = -(-size // hop), hop // 2 * 3
    mean, std = mix.mean(0).mean(), mix.mean(0).std()
    x = (mix - mean) / std
    weight = np.concatenate([np.arange(1, size // 2 + 1), np.arange(size - size // 2, 0, -1)]) / (size - size // 2)
    out, total = np.zeros((sources, 2, length)), np.zeros(length)
    for offset in range(0, length, int((1 - overlap) * size)):
        n = min(size, length - offset)
        start = offset - (size - n) // 2
        segment = np.zeros((2, size))
        a, b = max(0, start), min(length, start + size)
        segment[:, a - start:b - start] = x[:, a:b]
        padded = np.pad(segment, ((0, 0), (pad, pad + frames * hop - size)), mode="reflect")
        z = stft(padded, hop, hann(n_fft))[:, :-1, 2:2 + frames] / np.sqrt(n_fft)
        real = convolution(z.real, 2 * sources, seed, 0.4, 0.5, 3)
        imaginary = convolution(z.imag, 2 * sources, seed + 10, 0.4, 0.5, 3)
        wave = convolution(segment, 2 * sources, seed + 20, 0.4, 0.5, 5)
        full = np.pad((real + 1j * imaginary) * np.sqrt(n_fft), ((0, 0), (0, 1), (2, 2)))
        y = (istft(full, hop, hann(n_fft))[:, pad:pad + size] + wave).reshape(sources, 2, size)
        lead = offset - start
        out[..., offset:offset + n] += y[..., lead:lead + n] * weight[:n]
        total[offset:offset + n] += weight[:n]
    return list(out / total * std + mean)


CASES = {
    "kuielab-b-drums fast": (150_001, 11, lambda m, s: mdx_fast(m, 4096, 2048, 128, 1.035, 0, s)),
    "kuielab-b-drums best": (150_001, 11, lambda m, s: mdx_best(m, 4096, 2048, 128, 1.035, s)),
    "kuielab-a-bass fast": (530_001, 12, lambda m, s: mdx_fast(m, 16384, 2048, 512, 1.035, 0, s)),
    "uvr-mdx-voc-ft fast": (300_001, 13, lambda m, s: mdx_fast(m, 7680, 3072, 256, 1.021, 3, s)),
    "uvr-mdx-inst-hq-3 best": (200_001, 14, lambda m, s: mdx_best(m, 6144, 3072, 256, 1.022, s)),
    "scnet fast": (600_001, 15, lambda m, s: scnet(m, 2, s)),
    "scnet-large best": (500_001, 16, lambda m, s: scnet(m, 4, s)),
    "mel-band-roformer-kim fast": (500_001, 17, lambda m, s: kim(m, 2, s)),
    "mel-band-roformer-kim best": (300_001, 18, lambda m, s: kim(m, 4, s)),
    "bs-roformer-sw fast": (700_001, 19, lambda m, s: sw(m, 2, s)),
    "htdemucs fast": (400_001, 20, lambda m, s: htdemucs(m, 0.25, 4, s)),
    "htdemucs-6s best": (400_001, 21, lambda m, s: htdemucs(m, 0.5, 6, s)),
}

results = []
for index, (name, (samples, network_seed, separate)) in enumerate(CASES.items()):
    print(name, file=sys.stderr)
    separator, quality = name.split()
    positions = np.unique((seeded(1000 + index, POSITIONS, 0.5) + 0.5) * (samples - 1)).astype(int)
    slots = separate(rough_song(samples, index), network_seed)
    results.append({
        "separator": separator, "quality": quality, "samples": samples, "songSeed": index, "networkSeed": network_seed,
        "positions": [0, *positions.tolist(), samples - 1],
        "slots": [[[round(float(v), 8) for v in channel[[0, *positions, samples - 1]]] for channel in slot] for slot in slots],
    })
print("[\n" + ",\n".join(json.dumps(result, separators=(",", ":")) for result in results) + "\n]")
