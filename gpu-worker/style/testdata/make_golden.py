"""Writes what librosa and musicnn say of the made-up song of ../made-up-song.test-kit.ts.

Recipe: python3.11 -m venv v && v/bin/pip install tensorflow-cpu==2.15.1 librosa==0.9.2 'numpy<1.24' && v/bin/pip install --no-deps musicnn==0.1.0
&& v/bin/python make_golden.py
spectrogram.f32 holds every 11th value of the second window's log-mels [187, 96], tags.f32 the mean probability of 50 tags (float32, little endian).
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import librosa
import numpy as np
import tensorflow as tf
from musicnn import configuration, models

HERE = os.path.dirname(os.path.abspath(__file__))
FRAMES, RATE, SECONDS = 187, configuration.SR, 10

n = np.arange(SECONDS * RATE, dtype="f8")
since = n % (RATE // 2)
click = np.exp(-since / 150) * np.sin(2 * np.pi * since * 900 / RATE)
tone = sum(np.sin(2 * np.pi * hz * n / RATE) for hz in (220, 277.2, 329.6)) * 0.1
noise = (((n * 7919) % 1009) / 1009 - 0.5) * 0.02
song = (0.5 * click + tone + noise).astype("f4")

mel = librosa.feature.melspectrogram(
    y=song, sr=RATE, n_fft=configuration.FFT_SIZE, hop_length=configuration.FFT_HOP, n_mels=configuration.N_MELS
)
log_mel = np.log10(10000 * mel.T + 1)
windows = np.stack([log_mel[at : at + FRAMES] for at in range(0, len(log_mel) - FRAMES + 1, FRAMES)])
windows[1].ravel()[::11].astype("<f4").tofile(f"{HERE}/spectrogram.f32")

with tf.Graph().as_default(), tf.compat.v1.Session() as session:
    with tf.name_scope("model"):
        spectrogram = tf.constant(windows.astype("f4"))
        logits, *_ = models.define_model(spectrogram, tf.constant(False), "MSD_musicnn", len(configuration.MSD_LABELS))
    tf.compat.v1.train.Saver().restore(session, os.path.join(os.path.dirname(models.__file__), "MSD_musicnn", ""))
    session.run(tf.sigmoid(logits)).mean(0).astype("<f4").tofile(f"{HERE}/tags.f32")
