"""
Words of songs as faster-whisper hears them, with the weights that Woodshed uses.

Takes one order as JSON, its one argument: `model` (the folder of its model), `threads`, and `songs` (paths). Prints, for each song, the
words with the seconds at which they begin, and how long it took, decoding included; the network's loading is not.
"""

import json
import sys
import time

from faster_whisper import WhisperModel

order = json.loads(sys.argv[1])
model = WhisperModel(order["model"], device="cpu", compute_type="float32", cpu_threads=order["threads"], num_workers=1)


def hear(path):
    started = time.perf_counter()
    segments, _ = model.transcribe(path, beam_size=5, word_timestamps=True, language="en")
    words = [word for segment in segments for word in segment.words]
    seconds = time.perf_counter() - started
    return {"seconds": seconds, "words": [{"startSeconds": word.start, "text": word.word} for word in words]}


print(json.dumps([hear(path) for path in order["songs"]]))
