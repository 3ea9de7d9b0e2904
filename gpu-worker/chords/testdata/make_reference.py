"""What crema 0.2.0 itself sees and hears in six seconds of four chords, which the tests make anew.

Recipe: python3.11 -m venv v && v/bin/pip install tensorflow-cpu==2.15.1 'numpy<1.24' librosa==0.9.2 pumpp==0.6.0 jams 'setuptools<70' h5py mir_eval \
  && v/bin/pip install --no-deps crema==0.2.0 && v/bin/python make_reference.py
planes.f32: every 7th of the decibels [64 frames, 216 bins, 2 harmonics]; tags.f32: of every 4th frame the 170 probabilities of chords and the 13 of the
bass (float32, little endian).
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import crema.models.chord
import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
RATE_HZ, CHORD_SAMPLES = 44100, 66150
CHORDS = [(48, 60, 64, 67), (45, 60, 64, 69), (41, 57, 60, 65), (43, 59, 62, 65)]


def song():
    n = np.arange(CHORD_SAMPLES)
    fade = np.minimum(1, np.minimum(n, CHORD_SAMPLES - 1 - n) / 2000)
    parts = []
    for pitches in CHORDS:
        part = np.zeros(CHORD_SAMPLES)
        for pitch in pitches:
            cycles = 440 * 2 ** ((pitch - 69) / 12) / RATE_HZ
            for k in range(1, 7):
                part += 0.05 / k * np.sin(2 * np.pi * k * cycles * n)
        parts.append(part * fade)
    return np.concatenate(parts).astype("f4")


model = crema.models.chord.ChordModel()
planes = model.pump["cqt"].transform_audio(song())["mag"]
tag, _, _, bass = model.model.predict(planes[None], verbose=0)
planes.ravel()[::7].astype("<f4").tofile(f"{HERE}/planes.f32")
np.concatenate([tag[0], bass[0]], axis=1)[::4].astype("<f4").tofile(f"{HERE}/tags.f32")
