"""The decoding process: it can be killed, it can be slow, it can be asked by several threads, and it sees nothing of the medium."""

import os
import signal
import sys
import threading
import time
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from tview.errors import PixelError
from tview.pixels import Decoder, DecoderLimits
from tview.pixels.codecs import Job

PICTURE = np.random.default_rng(3).integers(0, 4096, (64, 64)).astype(np.uint16)
SMALL = imagecodecs.jpegls_encode(PICTURE)
LARGE_PICTURE = np.random.default_rng(3).integers(0, 65536, (1500, 1500)).astype(np.uint16)


def job(size=64, codec="jpegls", decoders=("imagecodecs.jpegls",), dtype="u2"):
    return Job(codec, "1.2.840.10008.1.2.4.80", size, size, 1, dtype, 16, 16, 0, "MONOCHROME2", "as-is", decoders)


def j2k(size=1500):
    return job(size, "jpeg2000", ("imagecodecs.jpeg2k",))


@pytest.fixture(scope="module")
def slow():
    """A code stream that keeps the decoder busy for half a second at least."""
    return imagecodecs.jpeg2k_encode(LARGE_PICTURE, level=0, codecformat="j2k", reversible=True)


def children():
    tasks = Path(f"/proc/{os.getpid()}/task")
    return {int(pid) for task in tasks.iterdir() for pid in (task / "children").read_text().split()}


def code_of(call):
    with pytest.raises(PixelError) as caught:
        call()
    return caught.value.finding.code


def test_starting_takes_no_time():
    with Decoder() as decoder:
        before = time.perf_counter()
        decoder.start()
        assert time.perf_counter() - before < 0.2
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()


def test_a_frame_over_its_time_is_stopped_and_the_next_one_decodes(slow):
    with Decoder(limits=DecoderLimits(time_s=1.4)) as decoder:
        decoder.decode(job(), SMALL)
        decoder.decode(j2k(64), imagecodecs.jpeg2k_encode(PICTURE, level=0, codecformat="j2k", reversible=True))
        decoder.limits = DecoderLimits(time_s=0.05 - 0.6 * 2.25)
        assert code_of(lambda: decoder.decode(j2k(), slow)) == "frame-time-limit"
        decoder.limits = DecoderLimits()
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()


def test_native_code_that_never_comes_back_is_ended_by_the_kernel():
    """CharLS 2.4.3 loops for ever on this half of a stream, holding no lock that a signal handler could wait for."""
    hanging = imagecodecs.jpegls_encode(np.random.default_rng(1).integers(0, 4096, (12, 12)).astype(np.uint16))[:91]
    with Decoder(limits=DecoderLimits(time_s=0.5)) as decoder:
        before = time.perf_counter()
        assert code_of(lambda: decoder.decode(job(12), hanging)) in ("frame-time-limit", "frame-undecodable")
        assert time.perf_counter() - before < 2
        decoder.limits = DecoderLimits()
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()


def test_a_process_killed_while_decoding_costs_that_frame_only(slow):
    with Decoder(processes=1) as decoder:
        decoder.decode(job(), SMALL)
        (pid,) = [process._popen.pid for process in decoder._idle]
        threading.Timer(0.1, os.kill, (pid, signal.SIGKILL)).start()
        assert code_of(lambda: decoder.decode(j2k(), slow)) == "decoder-unavailable"
        before = time.perf_counter()
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()
        assert time.perf_counter() - before < 2


def test_a_process_killed_while_idle_costs_nothing():
    with Decoder(processes=1) as decoder:
        decoder.decode(job(), SMALL)
        os.kill(decoder._idle[0]._popen.pid, signal.SIGKILL)
        decoder._idle[0]._popen.wait()
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()


@pytest.mark.skipif(sys.platform != "linux", reason="the address space is limited on Linux only")
def test_memory_beyond_the_limit_is_refused():
    """A stream of 30,000 x 30,000 that the caller says is small: the decoder would take 900 MB and more for it."""
    bomb = imagecodecs.jpeg2k_encode(np.zeros((64, 64), np.uint16), level=0, codecformat="j2k", reversible=True)
    size = (30000).to_bytes(4, "big")
    bomb = bomb.replace((64).to_bytes(4, "big") * 2, size * 2)
    with Decoder() as decoder:
        assert code_of(lambda: decoder.decode(j2k(64), bomb)) in ("frame-undecodable", "frame-memory-limit")
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()


def test_a_frame_too_large_is_refused_before_any_memory_is_taken():
    with Decoder(limits=DecoderLimits(frame_bytes=1 << 20)) as decoder:
        assert code_of(lambda: decoder.decode(job(2000), SMALL)) == "frame-too-large"


@pytest.mark.parametrize("stream", [b"", b"\xff\xd8", SMALL[:100], b"\0" * 500, SMALL[:40] + b"\xff" * 60])
def test_rubbish_is_an_error_of_that_frame(decoder, stream):
    assert code_of(lambda: decoder.decode(job(), stream)) == "frame-undecodable"
    assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()


def test_threads_do_not_get_each_others_pictures(decoder):
    pictures = [np.full((64, 64), value, np.uint16) for value in range(8)]
    streams = [imagecodecs.jpegls_encode(picture) for picture in pictures]
    wrong = []

    def ask(value):
        for _ in range(25):
            if not (decoder.decode(job(), streams[value]).pixels == value).all():
                wrong.append(value)

    threads = [threading.Thread(target=ask, args=(value,)) for value in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def test_frames_outlive_the_memory_they_came_through(decoder):
    first = decoder.decode(job(), SMALL).pixels
    decoder.decode(job(), imagecodecs.jpegls_encode(PICTURE // 2))
    assert (first == PICTURE).all()


def test_closing_leaves_no_process(slow):
    before = children()
    decoder = Decoder()
    decoder.start()
    decoder.decode(job(), SMALL)
    failed = []

    def ask():
        try:
            decoder.decode(j2k(), slow)
        except PixelError as error:
            failed.append(error.finding.code)

    thread = threading.Thread(target=ask)
    thread.start()
    time.sleep(0.1)
    decoder.close()
    thread.join(5)
    assert not thread.is_alive() and failed == ["decoder-unavailable"]
    assert children() <= before
    assert code_of(lambda: decoder.decode(job(), SMALL)) == "decoder-unavailable"


def test_nothing_is_imported_from_the_working_directory(tmp_path, monkeypatch):
    for name in ("numpy", "imagecodecs", "json", "tview", "sitecustomize"):
        (tmp_path / f"{name}.py").write_text(f"open({str(tmp_path / 'PWNED')!r}, 'w')\nraise SystemExit\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with Decoder() as decoder:
        assert (decoder.decode(job(), SMALL).pixels == PICTURE).all()
    assert not (tmp_path / "PWNED").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_the_process_keeps_no_file_of_ours_open_and_writes_no_core(tmp_path):
    with open(tmp_path / "medium", "w"), Decoder() as decoder:
        decoder.decode(job(), SMALL)
        pid = decoder._idle[0]._popen.pid
        targets = {os.readlink(f"/proc/{pid}/fd/{fd}") for fd in os.listdir(f"/proc/{pid}/fd")}
        assert all(target.startswith(("socket:", "/dev/null", "/memfd:", "anon_inode:", "pipe:")) for target in targets), targets
        limits = Path(f"/proc/{pid}/limits").read_text()
        assert "Max core file size        0                    0" in limits
        assert "Max file size             0                    0" in limits
        assert os.readlink(f"/proc/{pid}/cwd") == "/"


def test_each_frame_is_done_by_its_own_job():
    """The job travels only when it changes; after a failure it travels again."""
    other = np.arange(32 * 32, dtype=np.uint16).reshape(32, 32)
    small = imagecodecs.jpegls_encode(other)
    with Decoder(processes=1) as one:
        for _ in range(2):
            assert (one.decode(job(), SMALL).pixels == PICTURE).all()
            assert (one.decode(job(32), small).pixels == other).all()
            assert code_of(lambda: one.decode(job(32), b"\0" * 500)) == "frame-undecodable"
            assert (one.decode(job(32), small).pixels == other).all()
