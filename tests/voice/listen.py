"""Listens to clips and says for each which word it heard: a stranger, who has none of the clips and none of their code.

    listen.py english|chinese < clips > words

Input: for each clip a line `samples rate_hz` and then that many little-endian 16-bit mono samples. Output: one line for
each clip: the word's number in the order of the list below, or `-` when nothing was heard.

english  PocketSphinx with the en-us model of its wheel, trained by others on people. It is told the thirteen words.
chinese  the nearest word of espeak-ng, a synthesiser of others, in six of its voices: mel cepstra and their slopes,
         aligned by dynamic time warping. It tells words apart by their sounds, hardly by their tones, and it is no
         model of people: what it hears is near to what another synthesiser says.
"""

import subprocess
import sys

import numpy as np
import scipy.fft
import scipy.signal

RATE_HZ = 16_000
ENGLISH = "zero one two three four five six seven eight nine ex delete confirm".split()
CHINESE = "ling2,yi1,er4,san1,si4,wu3,liu4,qi1,ba1,jiu3,ai4 ke4 si1,shan1 chu2,que4 ding4".split(",")
# The voice that takes pinyin (`cmn` of 1.51 reads the digit of a tone as an English word), its variants and pitches.
VOICE = "cmn-latn-pinyin"
VARIANTS = {"": 50, "+m1": 50, "+m3": 45, "+m7": 50, "+f2": 40, "+f5": 45}

FRAME, HOP, BINS, BANDS = 400, 160, 512, 28
# Powers below the loudest frame by more than this are alike.
FLOOR = 1e-4


def clips(stream):
    while head := stream.readline():
        count, rate = map(int, head.split())
        assert rate == RATE_HZ, rate
        yield np.frombuffer(stream.read(2 * count), dtype="<i2").astype(float)


def english():
    import pocketsphinx

    decoder = pocketsphinx.Decoder(samprate=RATE_HZ, lm=None, loglevel="FATAL")
    decoder.add_jsgf_string("keys", f"#JSGF V1.0; grammar keys; public <key> = {' | '.join(ENGLISH)};")
    decoder.activate_search("keys")
    quarter = np.zeros(RATE_HZ // 4)

    def hear(samples):
        # A quiet room at 60 dB below full scale: the model was trained with microphones and knows no digital silence.
        room = np.random.default_rng(1).normal(0, 30, len(samples) + 2 * len(quarter))
        heard = np.concatenate([quarter, samples, quarter]) + room
        decoder.start_utt()
        decoder.process_raw(np.clip(heard, -32768, 32767).astype("<i2").tobytes(), full_utt=True)
        decoder.end_utt()
        word = decoder.hyp()
        return ENGLISH.index(word.hypstr) if word and word.hypstr in ENGLISH else None

    return hear


def filters():
    """Triangles of even width in mel, 100 Hz to 7.6 kHz."""
    mel = lambda hz: 2595 * np.log10(1 + hz / 700)
    edges = 700 * (10 ** (np.linspace(mel(100), mel(7600), BANDS + 2) / 2595) - 1)
    hz = np.fft.rfftfreq(BINS, 1 / RATE_HZ)
    rising = (hz[None] - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    falling = (edges[2:, None] - hz[None]) / (edges[2:] - edges[1:-1])[:, None]
    return np.clip(np.minimum(rising, falling), 0, None)


FILTERS = filters()


def cepstra(samples):
    """Mel cepstra and their slopes, from the first to the last loud frame; None when nothing is loud."""
    samples = scipy.signal.lfilter([1, -0.95], [1], samples)
    frames = np.lib.stride_tricks.sliding_window_view(samples, FRAME)[::HOP] * np.hamming(FRAME)
    power = np.abs(np.fft.rfft(frames, BINS)) ** 2
    energy = power.sum(1)
    loud = np.flatnonzero(energy > max(energy.max() * 10**-3.5, 1e6))
    if len(loud) < 10:
        return None
    bands = power[loud[0] : loud[-1] + 1] @ FILTERS.T
    static = scipy.fft.dct(np.log(bands + energy.max() * FLOOR), norm="ortho")[:, :14]
    static[:, 0] *= 0.3
    static -= static.mean(0) / 2
    slope = np.gradient(scipy.signal.savgol_filter(static, 5, 1, axis=0), axis=0)
    return np.concatenate([static, 3 * slope], axis=1)


def distance(one, other):
    """Mean distance along the best alignment."""
    cost = np.sqrt(((one[:, None] - other[None]) ** 2).sum(2))
    total = np.full((cost.shape[0] + 1, cost.shape[1] + 1), np.inf)
    total[0, 0] = 0
    for row, line in enumerate(cost):
        best = np.minimum(total[row, :-1] + 2 * line, total[row, 1:] + line).tolist()
        last = np.inf
        for column, step in enumerate(line.tolist()):
            last = min(best[column], last + step)
            total[row + 1, column + 1] = last
    return total[-1, -1] / sum(cost.shape)


def spoken(variant, pitch, word):
    program = ["espeak-ng", "-v", VOICE + variant, "-p", str(pitch), "-s", "140", "--stdout", word]
    wave = subprocess.run(program, capture_output=True, check=True).stdout
    samples = np.frombuffer(wave[44:], dtype="<i2").astype(float)
    return scipy.signal.resample_poly(samples, RATE_HZ, int.from_bytes(wave[24:28], "little"))


def chinese():
    references = [
        (number, cepstra(spoken(variant, pitch, word)))
        for variant, pitch in VARIANTS.items()
        for number, word in enumerate(CHINESE)
    ]

    def hear(samples):
        features = cepstra(samples)
        if features is None:
            return None
        return min((distance(features, reference), number) for number, reference in references)[1]

    return hear


if __name__ == "__main__":
    hear = {"english": english, "chinese": chinese}[sys.argv[1]]()
    for samples in clips(sys.stdin.buffer):
        heard = hear(samples)
        print("-" if heard is None else heard)
