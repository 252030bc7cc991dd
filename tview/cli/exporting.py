"""One `export` under way: object by object, frame by frame, with an account of what was written and what was not."""

import io
import sys
from argparse import Namespace
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tview.cli.common import say, settings_of
from tview.cli.objects import blaming, frame_index, open_picture, read_object, view_for
from tview.errors import ChoiceError, Exit, ExportError, Finding, PixelError, TviewError, UsageError, finding
from tview.text import SafeText, advice_of, message_of, safe, translate

if TYPE_CHECKING:
    import numpy as np

    from tview.catalog import Found
    from tview.export import Destination
    from tview.media import EntryReader, Medium
    from tview.pixels import Decoder, Frame, Image

_MOST_BYTES_IN_ONE_ARRAY = 4 << 30
_TOLD_OF_A_KIND = 3
_FAILURES_TOLD_OF_A_KIND = 20


class Export:
    """Writes the images of `found`; `failed` of them could not be written whole."""

    def __init__(
        self,
        media: "Sequence[Medium]",
        found: "Sequence[Found]",
        form: str,
        options: Namespace,
        destination: "Destination",
        decoder: "Decoder",
    ) -> None:
        self._media, self._found, self._form, self._options = media, found, form, options
        self._destination, self._decoder = destination, decoder
        self._settings = settings_of(options)
        self._several_studies = len({one.study.number_in_list for one in found}) > 1
        self._written: list[dict[str, Any]] = []
        self._not_written: list[dict[str, Any]] = []
        self._errors: list[TviewError] = []
        self._told: Counter[str] = Counter()
        self._silent: Counter[str] = Counter()
        self._recognisable: Counter[str] = Counter()
        self._progress = _Progress(len(found))
        self._whole = self._skipped = self.failed = 0

    def run(self) -> None:
        """Write one after another. What goes wrong with one is said; only a destination that takes no more ends it."""
        try:
            for number, one in enumerate(self._found):
                self._progress.show(number)
                try:
                    is_whole = self._object(one)
                except ExportError as error:
                    self._tell(one, error)
                    self.failed += len(self._found) - number
                    return
                except TviewError as error:
                    self._tell(one, error)
                    is_skipped = _is_skipped(one, error)
                    self._skipped += is_skipped
                    self.failed += not is_skipped
                else:
                    self._whole += is_whole
                    self.failed += not is_whole
        finally:
            self._progress.clear()
            for code, count in self._silent.items():
                say(translate("and {count} more of this kind ({code})").format(count=count, code=code))

    @property
    def code(self) -> Exit:
        """5 when something could not be written; 4, or 2, when nothing of what was chosen can become what the options ask for."""
        if not self._written and self._errors and all(isinstance(error, UsageError) for error in self._errors):
            return Exit.USAGE
        if self.failed:
            return Exit.NO_OUTPUT
        return Exit.FINE if self._written else Exit.NO_MATCH

    def advice(self) -> list[SafeText]:
        """What to do about what went wrong, each thing once."""
        return list(dict.fromkeys(advice_of(error.finding) for error in self._errors))

    def recognisable(self) -> list[str]:
        """By what the patient may be recognised in what was written, and in how many objects."""
        text = translate("look before it leaves: {message} ({count})")
        return [text.format(message=message, count=count) for message, count in self._recognisable.items()]

    def files(self) -> str:
        """How many files are where; empty when none is."""
        written, there = self._destination.files_written, self._destination.files_there
        texts = []
        if written:
            text = translate("1 file written to {place}") if written == 1 else translate("{count} files written to {place}")
            texts.append(text.format(count=written, place=self._options.dest))
        if there:
            text = translate("1 file there already") if there == 1 else translate("{count} files there already")
            texts.append(text.format(count=there))
        return ", ".join(texts)

    def summary(self) -> str:
        """How many of the chosen images are written."""
        total = len(self._found) - self._skipped
        text = translate("{done} of {total} written, {failed} not")
        return text.format(done=self._whole, total=total, failed=total - self._whole)

    def record(self) -> dict[str, Any]:
        """What became what, for --index."""
        return {"schema": "tview/export/1", "written": self._written, "not_written": self._not_written}

    def _object(self, one: "Found") -> bool:
        """Write one object; whether all of it is written."""
        header, reader = read_object(self._media, one.instance.source_number, one.instance.path, self._settings)
        with blaming(reader):
            image = open_picture(header, reader, self._decoder)
        if self._form == "npy":
            indices = self._indices(image)
            with blaming(reader):
                data = self._array(one, image, indices)
            self._write(one, image, data, None, [index + 1 for index in indices])
            is_whole = True
        else:
            is_whole = self._pictures(one, image, reader)
        for told in (*reader.findings, *image.findings):
            self._warn(one, told)
        from tview.export import recognisable

        self._recognisable.update(message_of(told) for told in recognisable(header.data_set))
        return is_whole

    def _indices(self, image: "Image") -> Sequence[int]:
        wanted = self._options.frame
        if wanted is not None:
            return [frame_index(image, wanted - 1)]
        if self._form == "png" and self._destination.is_stream:
            return [frame_index(image, None)]
        return range(image.number_of_frames)

    def _pictures(self, one: "Found", image: "Image", reader: "EntryReader") -> bool:
        """One file for each frame; of frames that cannot be drawn the first says why."""
        from tview.terminal import encode_png

        lost = 0
        for index in self._indices(image):
            number = index + 1 if image.number_of_frames > 1 else None
            try:
                with blaming(reader):
                    frame = image.read_frame(index)
                picture = encode_png(self._picture(frame, image))
            except (PixelError, UsageError) as error:
                self._tell(one, error, number, quietly=bool(lost))
                lost += 1
                continue
            self._write(one, image, picture, number, [index + 1])
            for told in frame.findings:
                self._warn(one, told)
        if lost > 1:
            self._say(one, translate("{count} frames are not written").format(count=lost), "frames-not-written", _FAILURES_TOLD_OF_A_KIND)
        return not lost

    def _write(self, one: "Found", image: "Image", data: bytes, frame: int | None, frames: list[int]) -> None:
        from tview.dicom import tags
        from tview.export import object_name, study_folder

        data_set = image.header.data_set
        numbers = data_set.integer(tags.SERIES_NUMBER), data_set.integer(tags.INSTANCE_NUMBER)
        name = object_name(*numbers, one.series.number_in_list, one.instance.number_in_list, frame)
        below = study_folder(one.study.number_in_list) if self._several_studies else None
        file = self._destination.write(name, self._form, data, below)
        self._written.append(_about(one) | {"file": safe(file), "frames": frames})

    def _picture(self, frame: "Frame", image: "Image") -> "np.ndarray[Any, Any]":
        from tview.pixels import render, render_native

        size = self._options.size
        view = view_for(self._options.window, frame, image)
        if not isinstance(size, tuple):
            return render_native(frame, view).picture
        high, wide = frame.rows * frame.description.pixel_aspect, float(frame.columns)
        scale = min(size[0] / high, size[1] / wide)
        return render(frame, view, max(1, round(high * scale)), max(1, round(wide * scale))).picture

    def _array(self, one: "Found", image: "Image", indices: Sequence[int]) -> bytes:
        """The frames as one npy file, written frame by frame into memory of the array's own size."""
        import numpy as np

        array = None
        for place, index in enumerate(indices):
            frame = image.read_frame(index)
            if self._options.values == "stored":
                values = frame.stored
            else:
                values = frame.modality() if self._options.values == "modality" else self._picture(frame, image)
            if array is None:
                if values.nbytes * len(indices) > _MOST_BYTES_IN_ONE_ARRAY:
                    raise PixelError(finding("array-too-large", megabytes=values.nbytes * len(indices) >> 20))
                array = np.empty((len(indices), *values.shape), values.dtype)
            array[place] = values
            for told in frame.findings:
                self._warn(one, told)
        file = io.BytesIO()
        assert array is not None
        np.save(file, array, allow_pickle=False)
        return file.getvalue()

    def _tell(self, one: "Found", error: TviewError, frame: int | None = None, quietly: bool = False) -> None:
        told = error.finding
        self._errors.append(error)
        record = _about(one) | {"frame": frame, "code": told.code, "message": message_of(told)}
        self._not_written.append(record)
        if not quietly:
            most = _TOLD_OF_A_KIND if isinstance(error, ChoiceError | UsageError) else _FAILURES_TOLD_OF_A_KIND
            self._say(one, (f"{translate('frame')} {frame}: " if frame else "") + message_of(told), told.code, most)

    def _warn(self, one: "Found", told: Finding) -> None:
        """A picture that is not as it should be is written, and never without a word."""
        if told.severity.rank < 2:
            self._say(one, message_of(told), told.code, _TOLD_OF_A_KIND)

    def _say(self, one: "Found", text: str, code: str, most: int) -> None:
        """The first `most` of a kind are said, of the others how many there are: a disc of 2,000 images must not say a thing as often."""
        if self._told[code] >= most:
            self._silent[code] += 1
            return
        self._told[code] += 1
        self._progress.clear()
        path = safe(one.instance.path)
        say(text if path in text else f"{path}: {text}")


def _is_skipped(one: "Found", error: TviewError) -> bool:
    """Whether it was not meant: no picture at all, or one without this frame."""
    return isinstance(error, ChoiceError) and (error.finding.code == "frame-missing" or not one.series.is_image)


def _about(one: "Found") -> dict[str, Any]:
    instance = one.instance
    return {"source_number": instance.source_number, "path": safe(instance.path), "sop_instance_uid": instance.sop_instance_uid}


class _Progress:
    """One line on stderr when it is a terminal: done / total."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._shown = sys.stderr is not None and sys.stderr.isatty() and total > 3

    def show(self, done: int) -> None:
        """So many are done."""
        if self._shown:
            print(f"\r{done}/{self._total}", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
