"""Writes a tiny chord network of crema's form with random weights, and what Keras makes of a fixed input.

Recipe: python3.11 -m venv v && v/bin/pip install tensorflow-cpu==2.15.1 'numpy<1.24' h5py && v/bin/python make_tiny_crema.py
crema/tiny.h5 is laid out as Keras 2.2 wrote weights, as the published file is. crema/tiny.f32 holds the outputs chord_tag [30, 20], chord_pitch
[30, 12], chord_root [30, 13] and chord_bass [30, 13] one after the other (float32, little endian).
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import h5py
import numpy as np
from keras import Input, Model, layers

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "crema")
FRAMES, BINS, HARMONICS, WIDTH, UNITS, TAGS = 30, 24, 2, 5, 4, 20


def network():
    def gru(name):
        cell = layers.GRU(UNITS, return_sequences=True, reset_after=False, recurrent_activation="hard_sigmoid")
        return layers.Bidirectional(cell, name=name)

    spectrum = Input((None, BINS, HARMONICS))
    x = layers.BatchNormalization(name="batch_normalization_1")(spectrum)
    x = layers.Conv2D(1, (5, 5), padding="same", activation="relu", name="conv2d_1")(x)
    x = layers.BatchNormalization(name="batch_normalization_2")(x)
    x = layers.Conv2D(WIDTH, (1, BINS), activation="relu", name="conv2d_2")(x)
    x = layers.BatchNormalization(name="batch_normalization_3")(x)
    x = layers.Reshape((-1, WIDTH))(x)
    x = gru("bidirectional_1")(x)
    x = layers.BatchNormalization(name="batch_normalization_4")(x)
    x = gru("bidirectional_2")(x)
    pitch = layers.Dense(12, activation="sigmoid", name="chord_pitch")(x)
    root = layers.Dense(13, activation="softmax", name="chord_root")(x)
    bass = layers.Dense(13, activation="softmax", name="chord_bass")(x)
    x = layers.BatchNormalization(name="batch_normalization_5")(layers.Concatenate()([x, pitch, root, bass]))
    tag = layers.Dense(TAGS, activation="softmax", name="chord_tag")(x)
    return Model(spectrum, [tag, pitch, root, bass])


def randomise(model):
    generator = np.random.default_rng(7)
    for variable in model.variables:
        shape, kind = variable.shape.as_list(), variable.name.split("/")[-1].split(":")[0]
        if kind in ("moving_variance", "gamma"):
            values = generator.uniform(0.5, 1.5, shape)
        else:
            values = generator.normal(0, 0.4 if "kernel" in kind else 0.3, shape)
        variable.assign(values.astype("f4"))


def write(model, path):
    with h5py.File(path, "w") as file:
        for layer in model.layers:
            for variable in layer.variables:
                parts = variable.name.split("/")
                kind = parts[-1]
                if "forward_" in variable.name or "backward_" in variable.name:
                    way = "forward" if "forward_" in variable.name else "backward"
                    kind = f"{way}_gru_{layer.name[-1]}/{kind}"
                file[f"model_weights/{layer.name}/{layer.name}/{kind}"] = variable.numpy()


os.makedirs(HERE, exist_ok=True)
model = network()
randomise(model)
write(model, f"{HERE}/tiny.h5")
count = FRAMES * BINS * HARMONICS
# As the test makes it: planes [harmonic, frame, bin] of decibels.
planes = (-((np.arange(count) * 7919) % 1009) / 16).astype("f4").reshape(HARMONICS, FRAMES, BINS)
outputs = model.predict(planes.transpose(1, 2, 0)[None], verbose=0)
np.concatenate([output[0].ravel() for output in outputs]).astype("<f4").tofile(f"{HERE}/tiny.f32")
