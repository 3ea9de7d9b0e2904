"""Writes a tiny network of musicnn's form with random weights, and what TensorFlow makes of a fixed input.

Recipe: python3.11 -m venv v && v/bin/pip install tensorflow-cpu==2.15.1 && v/bin/python make_tiny_musicnn.py
musicnn/tiny.* is a checkpoint with variables named as in the published one. musicnn/tiny.f32 holds probabilities [2, 5] (float32, little endian).
"""
import os

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import numpy as np
import tensorflow.compat.v1 as tf

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "musicnn")
WINDOWS, FRAMES, BANDS, TAGS = 2, 12, 10, 5
FRONT = [(7, 4, 3), (7, 7, 4), (8, 1, 2), (5, 1, 2), (2, 1, 2)]  # frames, bands, filters
MIDDLE, UNITS = 3, 6
EPSILON = 1e-3
generator = np.random.default_rng(23)
counts = {}


def layer(kind):
    counts[kind] = counts.get(kind, -1) + 1
    return kind if counts[kind] == 0 else f"{kind}_{counts[kind]}"


def variable(name, shape, positive=False):
    """So wide spread that answers neither fade nor run away from layer to layer."""
    spread = 1 / np.sqrt(np.prod(shape[:-1])) if len(shape) > 1 else 0.8
    values = generator.uniform(0.5, 1.5, shape) if positive else generator.normal(0, spread, shape)
    return tf.get_variable(name, initializer=values.astype("f4"))


def normalise(x):
    """Over the last axis. Scales of both signs."""
    name, width = layer("batch_normalization"), int(x.shape[-1])
    gamma, beta = variable(f"{name}/gamma", [width]), variable(f"{name}/beta", [width])
    mean, variance = variable(f"{name}/moving_mean", [width]), variable(f"{name}/moving_variance", [width], True)
    return gamma * (x - mean) / tf.sqrt(variance + EPSILON) + beta


def convolve(x, frames, width, filters):
    """Zeros around the frames as TensorFlow's SAME has them, none around the width."""
    name = layer("conv2d")
    kernel, bias = variable(f"{name}/kernel", [frames, width, 1, filters]), variable(f"{name}/bias", [filters])
    padding = [[0, 0], [(frames - 1) // 2, frames // 2], [0, 0], [0, 0]]
    return normalise(tf.nn.relu(tf.nn.conv2d(tf.pad(x, padding), kernel, 1, "VALID") + bias))


def dense(x, units):
    name = layer("dense")
    return x @ variable(f"{name}/kernel", [int(x.shape[-1]), units]) + variable(f"{name}/bias", [units])


def network(spectrogram):
    plane = normalise(spectrogram[..., None])
    layers = [tf.concat([tf.reduce_max(convolve(plane, *sizes), 2) for sizes in FRONT], 2)]
    for index in range(3):
        heard = convolve(layers[-1][..., None], 7, layers[-1].shape[-1], MIDDLE)[:, :, 0]
        layers.append(heard if index == 0 else heard + layers[-1])
    features = tf.concat(layers, 2)
    pooled = tf.stack([tf.reduce_max(features, 1), tf.reduce_mean(features, 1)], 2)
    pooled = normalise(tf.reshape(pooled, [WINDOWS, 2 * features.shape[-1]]))
    return tf.sigmoid(dense(normalise(tf.nn.relu(dense(pooled, UNITS))), TAGS))


os.makedirs(HERE, exist_ok=True)
with tf.Graph().as_default(), tf.Session() as session:
    count = WINDOWS * FRAMES * BANDS
    # As the test makes it.
    spectrogram = (((np.arange(count) * 7919) % 1009) / 504).astype("f4").reshape(WINDOWS, FRAMES, BANDS)
    spectrogram[1] *= 0.25
    tags = network(tf.constant(spectrogram))
    session.run(tf.global_variables_initializer())
    session.run(tags).astype("<f4").tofile(f"{HERE}/tiny.f32")
    tf.train.Saver().save(session, f"{HERE}/tiny", write_meta_graph=False, write_state=False)
