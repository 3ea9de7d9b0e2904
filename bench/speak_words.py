"""
Speaks or sings words with espeak-ng, and says when each begins.

Takes one order as JSON, its one argument: `out` (a WAV file to write), `voice`, `wordsPerMinute`, `lines` (of words with single
spaces between them), and `sung`: null, or `{beatSeconds, pitches}`. Prints the second at which each word begins, null where
espeak-ng does not say. Sung words are monotone, each at a pitch of its own (0 to 99) and on a beat.
"""

import array
import ctypes
import json
import sys
import wave

SYNCHRONOUS = 2
UTF8 = 1
FROM_CHARACTER = 1
WORD_EVENT = 1
END_OF_EVENTS = 0
RATE, PITCH, PITCH_RANGE = 1, 3, 4
PAUSE_SECONDS = 0.7
AUDIBLE = 400


class Event(ctypes.Structure):
    """`espeak_EVENT` of speak_lib.h."""

    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position_ms", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(Event))


class Speaker:
    def __init__(self, voice):
        self.library = ctypes.CDLL("libespeak-ng.so.1")
        self.rate_hz = self.library.espeak_Initialize(SYNCHRONOUS, 0, None, 0)
        if self.rate_hz <= 0 or self.library.espeak_SetVoiceByName(voice.encode()) != 0:
            sys.exit(f"espeak-ng has no voice {voice}")
        self.callback = CALLBACK(self.take)
        self.library.espeak_SetSynthCallback(self.callback)

    def take(self, samples, count, events):
        if count > 0:
            self.samples.extend(samples[:count])
        at = 0
        while events[at].type != END_OF_EVENTS:
            if events[at].type == WORD_EVENT:
                self.starts.setdefault(events[at].text_position - 1, events[at].audio_position_ms / 1000)
            at += 1
        return 0

    def set(self, parameter, value):
        self.library.espeak_SetParameter(parameter, value, 0)

    def speak(self, text):
        """Samples, and the seconds at which words begin, by their first character's position."""
        self.samples = array.array("h")
        self.starts = {}
        data = text.encode()
        self.library.espeak_Synth(data, len(data) + 1, 0, FROM_CHARACTER, 0, UTF8, None, None)
        return self.samples, self.starts


def spoken(speaker, lines):
    song = array.array("h")
    times = []
    for line in lines:
        song.extend([0] * int(PAUSE_SECONDS * speaker.rate_hz))
        offset = len(song) / speaker.rate_hz
        samples, starts = speaker.speak(line)
        position = 0
        for word in line.split(" "):
            start = starts.get(position)
            times.append(None if start is None else offset + start)
            position += len(word) + 1
        song.extend(samples)
    return song, times


def sung(speaker, lines, beat_seconds, pitches):
    song = array.array("h")
    times = []
    beat = int(beat_seconds * speaker.rate_hz)
    speaker.set(PITCH_RANGE, 0)
    for line in lines:
        song.extend([0] * beat)
        for word in line.split(" "):
            speaker.set(PITCH, pitches[len(times) % len(pitches)])
            samples, _ = speaker.speak(word)
            audible = [n for n, sample in enumerate(samples) if abs(sample) > AUDIBLE]
            song.extend([0] * (-len(song) % beat))
            times.append(len(song) / speaker.rate_hz)
            song.extend(samples[audible[0] : audible[-1] + 1])
    return song, times


def main():
    order = json.loads(sys.argv[1])
    speaker = Speaker(order["voice"])
    speaker.set(RATE, order["wordsPerMinute"])
    lines = order["lines"]
    how = order["sung"]
    song, times = spoken(speaker, lines) if how is None else sung(speaker, lines, how["beatSeconds"], how["pitches"])
    song.extend([0] * int(PAUSE_SECONDS * speaker.rate_hz))
    with wave.open(order["out"], "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(speaker.rate_hz)
        file.writeframes(song.tobytes())
    print(json.dumps(times))


main()
