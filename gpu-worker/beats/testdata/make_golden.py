"""Writes what Beat This's own Python code makes of made-up songs, logits and a tiny network.

Recipe: python3 -m venv v && v/bin/pip install beat-this==1.1.0 numpy==2.2.6 torch==2.6.0 torchaudio==2.6.0 && v/bin/python make_golden.py
spectrogram.f32: the log-mel spectrogram [28, 128] of 12,000 samples. logits.f32: of a song of 70 s, every 11th logit of beats, then of downbeats, as
the network of `tiny-beat-network.test-kit.ts` gives them chunk by chunk. picked.json: logits and the beats and downbeats that are picked from them.
"""
import json
import os

import numpy as np
import torch
from beat_this.inference import split_predict_aggregate
from beat_this.model.postprocessor import Postprocessor
from beat_this.preprocessing import LogMelSpect

HERE = os.path.dirname(os.path.abspath(__file__))
RATE = 22050


def song(count):
    """As `madeUpSong` of the test kit: a click every half second, each fourth one brighter, over a rising tone and a little noise."""
    n = np.arange(count)
    since = n % (RATE // 2)
    click = np.exp(-since / 200) * np.sin(2 * np.pi * since * np.where(n // (RATE // 2) % 4 == 0, 5000, 800) / RATE)
    tone = 0.05 * np.sin(2 * np.pi * (100 + n / 5000) * n / RATE)
    noise = ((n * 7919) % 1009 / 1009 - 0.5) * 0.01
    return torch.tensor((0.5 * click + tone + noise).astype("f4"))


class TinyNetwork(torch.nn.Module):
    """As `tinyBeatGraph` of the test kit: what rises, and how the whole chunk is."""

    def __init__(self):
        super().__init__()
        rise = torch.tensor([-1, -1, -1, -1, 2, 2, 0, 0, 0]) / 256
        weights = torch.zeros(2, 128, 9)
        weights[0] = rise
        weights[1, 90:] = 4 * rise
        self.weights, self.bias = weights, torch.tensor([-1.0, -1.5])

    def forward(self, spectrogram):
        rises = torch.nn.functional.conv1d(spectrogram.transpose(1, 2), self.weights, self.bias, padding=4)
        logits = rises + 0.25 * rises.mean(2, keepdim=True)
        return {"beat": logits[:, 0], "downbeat": logits[:, 1]}


def made_up_logits(seed, frames):
    """Quarters, so that many are equal; few are above 0."""
    generator = np.random.default_rng(seed)
    return np.round(np.clip(generator.normal(-0.5, 1.5, frames), -4, 4) * 4) / 4


def picked():
    flat = [-2.0] * 12
    cases = [([], []), ([1.0], [-1.0]), (flat, flat), ([0.0] * 12, [0.0] * 12), ([0.5] * 12, [0.25] * 12)]
    peaks = [*flat, 3.0, *flat, 2.0, 2.0, *flat, 1.0]
    cases += [(peaks, [*flat, -1.0, 1.0, *flat[1:], 2.0, 2.0, *flat, 1.0]), (peaks, flat * 3 + [-1.0] * 4), (flat, [1.0] + flat[1:])]
    cases += [([-1.0, 1.0, *flat, 1.0], [*flat[:7], 1.0, *flat[7:], -2.0, -2.0])]  # a downbeat between two beats
    cases += [(list(made_up_logits(seed, 150)), list(made_up_logits(seed + 100, 150))) for seed in range(8)]
    process = Postprocessor()
    rows = []
    for beat, downbeat in cases:
        found = process(torch.tensor(beat), torch.tensor(downbeat)) if beat else ([], [])
        rows.append({"beat": beat, "downbeat": downbeat, "beats": list(found[0]), "downbeats": list(found[1])})
    return rows


if __name__ == "__main__":
    spectrogram = LogMelSpect()
    spectrogram(song(12_000)).numpy().astype("<f4").tofile(f"{HERE}/spectrogram.f32")
    logits = split_predict_aggregate(spectrogram(song(70 * RATE)), 1500, 6, "keep_first", TinyNetwork())
    found = Postprocessor()(logits["beat"], logits["downbeat"])
    print(len(found[0]), "beats,", len(found[1]), "downbeats")
    sampled = [logits[name].numpy()[::11] for name in ("beat", "downbeat")]
    np.concatenate(sampled).astype("<f4").tofile(f"{HERE}/logits.f32")
    with open(f"{HERE}/picked.json", "w") as file:
        file.write("[\n" + ",\n".join(json.dumps(row) for row in picked()) + "\n]\n")
