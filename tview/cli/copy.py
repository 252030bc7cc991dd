"""``tview copy``: files off the medium in burn order, in any number of goes; with ``--image`` all of it bit by bit."""

import json
import os
import sys
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tview.cli.common import choice_arguments, exit_for, fail_on_argument, opened, settings_of
from tview.cli.objects import choice_of
from tview.errors import ChoiceError, Exit, ExportError, Finding, Severity, UsageError, finding
from tview.text import SafeText, message_of, safe, translate

if TYPE_CHECKING:
    from tview.export import Copied, CopyFolder
    from tview.media import Entry, Medium

_MOST_TOLD = 20


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    parser.add_argument(
        "source", metavar="SOURCE", nargs=1, help=translate("a folder, a file, a DICOMDIR, an optical drive, a disc image or an archive")
    )
    parser.add_argument(
        "dest", metavar="DEST", help=translate("a folder, made if absent; a new file with --image; - for one file to stdout")
    )
    choice_arguments(parser)
    parser.add_argument(
        "--image", action="store_true", help=translate("all bytes of a drive or image file, with a map of what is bad (ddrescue)")
    )
    parser.add_argument("--json", action="store_true", help=translate("the record of the copy as JSON (schema tview/copy/1)"))
    fail_on_argument(parser)


def run(options: Namespace) -> Exit:
    """Copy; what is lost is said and noted beside the copy."""
    settings_of(options)
    chosen = [options.patient, options.study, options.series, options.instance, options.path]
    if not options.image:
        return _copy_files(options)
    if any(chosen) or options.dest == "-":
        raise UsageError(finding("usage", problem="--image copies all of the medium into one file"))
    return _copy_image(options)


def _copy_files(options: Namespace) -> Exit:
    with opened(options) as media:
        medium = media[0]
        entries = _chosen(medium, options)
        if options.dest == "-":
            return _to_stdout(medium, entries, options)
        from tview.export import open_copy

        copy = open_copy(options.dest, medium)
        progress = Progress(sum(entry.present for entry in entries))
        try:
            _check_room(copy, entries)
            copy.write_lists(_facts(medium), finished=False)
            try:
                for entry in entries:
                    progress.file(len(copy.copied))
                    copy.copy(medium, entry, progress.add)
            except BaseException as error:
                progress.clear()
                _stop(copy, medium, len(entries), interrupted=isinstance(error, KeyboardInterrupt))
                raise
            progress.clear()
            record = copy.write_lists(_facts(medium), finished=True)
            copied = [copy.copied[entry.path] for entry in entries]
        finally:
            copy.close()
        findings = [told for one in copied if (told := _told(one)) is not None]
        findings += [told for told in medium.findings if told.path is None or told.path not in {told.path for told in findings}]
        _say_what_is_wrong(findings)
        _say(_summary(copied, options.dest))
    if options.json:
        _print(record)
    return exit_for(findings, options.fail_on)


def _chosen(medium: "Medium", options: Namespace) -> "Sequence[Entry]":
    """The files that are meant, in burn order; without a choice all of them."""
    entries = medium.entries()
    choice = choice_of(options)
    if choice.is_empty:
        if not entries:
            raise ChoiceError(finding("no-match", wanted="", source=options.source[0]))
        return entries
    if options.path and not any((options.patient, options.study, options.series, options.instance)):
        return [_by_path(medium, options.path, options.source[0])]
    from tview.catalog import choose_all

    wanted = {found.instance.path for found in choose_all([medium], choice)}
    return [entry for entry in entries if entry.path in wanted]


def _by_path(medium: "Medium", path: str, source: str) -> "Entry":
    from tview.media import Resolved

    entry = medium.entry(path)
    if entry is None:
        found = medium.resolve(path)
        entry = found.entry if isinstance(found, Resolved) and "base-name" not in (found.repair or "") else None
    if entry is None:
        raise ChoiceError(finding("no-match", wanted=f"--path {path}", source=source))
    return entry


def _to_stdout(medium: "Medium", entries: "Sequence[Entry]", options: Namespace) -> Exit:
    """One file as it is; what cannot be read is zeros, and said."""
    if len(entries) != 1:
        raise UsageError(finding("usage", problem=f"{len(entries)} files match, and only one goes to stdout: choose it with --path"))
    entry, offset = entries[0], 0
    lost: list[tuple[int, int]] = [] if entry.whole else [(entry.present, entry.size - entry.present)]
    sys.stdout.flush()
    while offset < entry.present:
        read = medium.read(entry, offset, 1 << 20)
        lost += read.unreadable
        view = memoryview(read.data)
        while view:
            view = view[os.write(1, view) :]
        if not read.data:
            break
        offset += len(read.data)
    findings = list(medium.findings)
    if lost:
        length = sum(length for _, length in lost)
        findings.insert(0, finding("copy-file-damaged", path=entry.path, range=lost[0], length=length, offset=lost[0][0]))
    _say_what_is_wrong(findings)
    return exit_for(findings, options.fail_on)


def _copy_image(options: Namespace) -> Exit:
    from tview.export import ImageCopy
    from tview.media import open_bytes

    source = options.source[0]
    file = open_bytes(source)
    try:
        dest = os.path.join(options.dest, "disc.iso") if os.path.isdir(options.dest) else options.dest
        if os.path.exists(dest) and os.path.samefile(dest, source):
            raise ExportError(finding("output-on-medium", path=dest))
        image = ImageCopy(dest, file)
        try:
            progress = Progress(image.map.total("?*-"))
            try:
                image.run(file.try_read, progress.add)
            except KeyboardInterrupt:
                progress.clear()
                percent = 100 * image.map.total("+") // max(1, image.map.size)
                _say(translate("stopped at {percent} %: give the same command again to go on").format(percent=percent))
                raise
            finally:
                progress.clear()
        finally:
            image.close()
    finally:
        file.close()
    bad = image.map.total("-*?")
    findings = [finding("copy-image-damaged", path=dest, length=bad, map=image.map_path)] if bad else []
    _say_what_is_wrong(findings)
    _say(translate("{megabytes} MB copied to {place}").format(megabytes=(image.map.size - bad) >> 20, place=dest))
    if options.json:
        lost = [[low, high - low] for low, high in image.map.of("-*?")]
        _print(
            {"schema": "tview/copy/1", "source": safe(source), "image": dest, "map": image.map_path, "size": image.map.size, "lost": lost}
        )
    return exit_for(findings, options.fail_on)


def _check_room(copy: "CopyFolder", entries: "Sequence[Entry]") -> None:
    needed = sum(entry.present for entry in entries if not copy.has(entry))
    facts = os.statvfs(copy.folder)
    free = facts.f_bavail * facts.f_frsize
    if needed > free:
        raise ExportError(finding("output-no-room", path=copy.folder, needed=-(-needed >> 20), free=free >> 20))


def _facts(medium: "Medium") -> dict[str, object]:
    from tview.catalog import finding_record

    return {
        "source": safe(medium.source),
        "medium": {"kind": medium.kind, "label": safe(medium.label) if medium.label else None, "size": medium.size},
        "findings": [finding_record(told) for told in medium.findings],
    }


def _stop(copy: "CopyFolder", medium: "Medium", total: int, interrupted: bool) -> None:
    """Keep the lists of what is done, and say how to go on."""
    try:
        copy.write_lists(_facts(medium), finished=False)
    except ExportError:
        if interrupted:
            raise
    done = translate("{done} of {total} files are copied: give the same command again to go on").format(done=len(copy.copied), total=total)
    _say(done)


def _told(copied: "Copied") -> Finding | None:
    if copied.state == "missing":
        return finding("copy-file-missing", path=copied.path)
    if copied.lost:
        length = sum(length for _, length in copied.lost)
        return finding("copy-file-damaged", path=copied.path, range=copied.lost[0], length=length, offset=copied.lost[0][0])
    return None


def _summary(copied: "Sequence[Copied]", place: str) -> str:
    there = sum(one.again and one.state == "ok" for one in copied)
    counts = [
        (sum(one.state == "ok" and not one.again for one in copied), translate("{count} files copied to {place}")),
        (there, translate("{count} were there")),
        (sum(one.state == "damaged" for one in copied), translate("{count} damaged")),
        (sum(one.state == "missing" for one in copied), translate("{count} not readable")),
    ]
    return ", ".join(text.format(count=count, place=place) for number, (count, text) in enumerate(counts) if count or not number)


def _say_what_is_wrong(findings: "Sequence[Finding]") -> None:
    wrong = sorted((told for told in findings if told.severity is not Severity.INFO), key=lambda told: told.severity.rank)
    for told in wrong[:_MOST_TOLD]:
        _say(message_of(told))
    if len(wrong) > _MOST_TOLD:
        _say(translate("and {count} more").format(count=len(wrong) - _MOST_TOLD))


def _print(record: dict[str, object]) -> None:
    sys.stdout.write(json.dumps(record, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def _say(line: SafeText | str) -> None:
    print(f"tview: {safe(line)}", file=sys.stderr)


class Progress:
    """One line on stderr when it is a terminal: done / total, rate, time left; four times a second at most."""

    def __init__(self, total: int) -> None:
        self._total, self._done, self._files = total, 0, 0
        self._began = self._shown_at = time.monotonic()
        self._shows = sys.stderr is not None and sys.stderr.isatty()

    def file(self, number: int) -> None:
        """So many files are done."""
        self._files = number

    def add(self, many: int) -> None:
        """So many bytes more are done."""
        self._done += many
        now = time.monotonic()
        if not self._shows or now - self._shown_at < 0.25:
            return
        self._shown_at = now
        rate = self._done / (now - self._began)
        left = int((self._total - self._done) / rate) if rate else 0
        files = f"{self._files + 1}: " if self._files else ""
        line = (
            f"{files}{self._done >> 20} / {self._total >> 20} MB  {rate / 1e6:.1f} MB/s  {left // 60}:{left % 60:02d} {translate('left')}"
        )
        print(f"\r{line}\x1b[K", end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away."""
        if self._shows:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
