"""Decoding every frame, in processes of their own, while the drive goes on reading."""

import threading
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from tview.dicom import Header, ReadAt, sop_class_kind
from tview.errors import Finding, PixelError, finding
from tview.pixels import Decoder, Image, compare_decoders, open_image

_WAITING = 128 << 20  # bytes of objects that wait to be decoded
_UNKNOWN = frozenset(("syntax-unsupported", "pixels-none", "frame-too-large", "decoder-unavailable", "pixel-layout-unsupported"))
"""Why a picture may not be shown without being damaged."""


class Decoding:
    """Takes objects, decodes all their frames, and keeps what was wrong by path. `offer` waits only when too many bytes are under way."""

    def __init__(self, compare: bool = False, threads: int = 2) -> None:
        self._decoder = Decoder(processes=threads)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="decode")
        self._room = threading.Condition()
        self._under_way = 0
        self._compare = compare
        self._futures: list[Future[None]] = []
        self.findings: dict[str, tuple[Finding, ...]] = {}
        self.frames = 0
        self.pending: set[str] = set()

    def offer(self, path: str, header: Header, read_at: ReadAt, size: int, held: int) -> None:
        """Decode this object soon; `held` bytes of memory are kept until then."""
        if header.pixel_element is None or sop_class_kind(header.sop_class_uid or "") not in ("image", "segmentation", "other", ""):
            return
        with self._room:
            while self._under_way and self._under_way + held > _WAITING:
                self._room.wait()
            self._under_way += held
            self.pending.add(path)
        self._futures = [future for future in self._futures if not future.done()]
        self._futures.append(self._pool.submit(self._work, path, header, read_at, size, held))

    def finish(self, stopped: Callable[[], bool]) -> bool:
        """Wait for what is under way. False when it was stopped before."""
        for future in self._futures:
            while not future.done():
                if stopped():
                    return False
                with self._room:
                    self._room.wait(0.1)
        return True

    def close(self) -> None:
        """End the processes and threads, working ones too."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._decoder.close()

    def _work(self, path: str, header: Header, read_at: ReadAt, size: int, held: int) -> None:
        try:
            told, frames = decode_all(header, read_at, size, self._decoder, path, self._compare)
        except Exception as error:  # the thread's door: one object must not end the run
            told, frames = (finding("object-undecodable", path=path, bad=1, frames=1, first=1, problem=type(error).__name__),), 0
        with self._room:
            if told:
                self.findings[path] = told
            self.frames += frames
            self._under_way -= held
            self.pending.discard(path)
            self._room.notify_all()


def decode_all(
    header: Header, read_at: ReadAt, size: int, decoder: Decoder, path: str, compare: bool = False
) -> tuple[tuple[Finding, ...], int]:
    """What is wrong with the frames of one object, and how many could be decoded."""
    try:
        image = open_image(header, read_at, size, decoder=decoder)
    except PixelError as error:
        code = error.finding.code
        if code in _UNKNOWN:
            return (), 0
        return (finding("object-undecodable", path=path, bad=1, frames=1, first=1, problem=code),), 0
    declared = image.number_of_frames_declared
    bad: Counter[str] = Counter()
    first, good = 0, 0
    differs: list[int] = []
    for index in range(image.number_of_frames):
        try:
            frame = image.read_frame(index)
        except PixelError as error:
            code = error.finding.code
            if code in _UNKNOWN:
                return (), good
            bad[code] += 1
            first = first or index + 1
            continue
        broken = [told.code for told in frame.findings if told.code in ("pixels-cut", "stream-cut")]
        if broken:
            bad[broken[0]] += 1
            first = first or index + 1
        else:
            good += 1
        if compare and _differ(image, index):
            differs.append(index + 1)
    lacking = max(0, declared - image.number_of_frames)
    told = []
    if bad or lacking:
        problem = bad.most_common(1)[0][0] if bad else "frames-missing"
        first = first or image.number_of_frames + 1
        told.append(
            finding("object-undecodable", path=path, bad=sum(bad.values()) + lacking, frames=declared, first=first, problem=problem)
        )
    if differs:
        told.append(finding("decoders-disagree", path=path, frames=len(differs), first=differs[0]))
    return tuple(told), good


def _differ(image: Image, index: int) -> bool:
    """Whether two decoders give different values for this lossless frame; False where there is no second one."""
    try:
        return compare_decoders(image, index).agrees is False
    except PixelError:
        return False
