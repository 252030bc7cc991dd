"""The sentences of a verdict: what is whole, what else is on the medium, and how sure that is."""

from collections import Counter

from tview.text import SafeText, safe, translate
from tview.verify.evidence import Evidence
from tview.verify.model import Counts

_ = str
_STATES = (
    ("missing", _("not on the medium")),
    ("cut_off", _("cut off or broken")),
    ("unreadable", _("with bytes that cannot be read")),
    ("undecodable", _("cannot be decoded")),
)
_READ = {
    "listing": _("listed, not read"),
    "headers": _("listed and opened, not read through"),
    "bytes": _("read to the last byte"),
    "pixels": _("read to the last byte and decoded"),
}
_KINDS = {
    "jpeg": "JPEG", "png": "PNG", "gif": "GIF", "tiff": "TIFF", "bmp": "BMP", "pdf": "PDF", "html": "HTML", "xml": "XML", "text": _("text"),
    "video": _("video"), "audio": _("audio"), "office": "office", "zip": "ZIP", "archive": _("archive"),
    "database": _("database"), "disc-image": _("disc image"), "encrypted": _("encrypted"), "dicom": _("broken DICOM"),
    "unreadable": _("unreadable"), "empty": _("empty"), "zeros": _("only zeros"),
}  # fmt: skip
_PROGRAM = frozenset(("program", "script", "shortcut"))
_NAMED = ("README.TXT", "INDEX.HTM", "AUTORUN.INF")
_FIRST_PLACES = 4


def images_summary(evidence: Evidence, counts: Counts, word: str) -> SafeText:
    """One sentence: what is lost and where, and what of the rest was done."""
    if word in ("not-a-medical-disc", "proprietary", "locked", "unreadable"):
        return _without_objects(evidence, word)
    noun = _noun(evidence, counts.promised)
    lost = [(name, state) for name, state in _STATES if getattr(counts, name)]
    depth = translate(_READ[evidence.level])
    so_far = "" if evidence.finished else translate("so far: ")
    parts = []
    if lost:
        first = translate("{count} of {promised} {noun} {state}")
        name, state = lost[0]
        words = [first.format(count=getattr(counts, name), promised=counts.promised, noun=noun, state=translate(state))]
        words += [f"{getattr(counts, name)} {translate(state)}" for name, state in lost[1:]]
        parts.append(", ".join(words) + _places(evidence))
        if counts.whole:
            parts.append(translate("the other {count} {depth}").format(count=counts.whole, depth=depth))
    else:
        many = counts.whole == counts.promised and counts.promised > 1
        text = _("{count} {noun}, all {depth}") if many else _("{count} {noun} {depth}")
        parts.append(translate(text).format(count=counts.whole, noun=_noun(evidence, counts.whole), depth=depth))
    if counts.unread:
        parts.append(translate("{count} not looked at yet").format(count=counts.unread))
    if counts.unshown:
        parts.append(translate("{count} cannot be shown here").format(count=counts.unshown))
    if not evidence.has_list:
        parts.append(translate("found by scanning; cannot tell what was left off"))
    return safe(so_far + "; ".join(parts))


def _noun(evidence: Evidence, count: int) -> str:
    all_images = all(series.is_image for _, series, _ in evidence.instances)
    if all_images:
        return translate("image") if count == 1 else translate("images")
    return translate("object") if count == 1 else translate("objects")


def _places(evidence: Evidence) -> str:
    lost: dict[str, list[str]] = {}
    for _study, series, instance in evidence.instances:
        if evidence.state(instance) not in ("ok", "unread"):
            name = f"Se {series.series_number}" if series.series_number is not None else "Se ?"
            lost.setdefault(name, []).append(instance.path)
    words, room = [], _FIRST_PLACES
    for name, paths in lost.items():
        if room <= 0:
            break
        shown = paths[:room]
        room -= len(shown)
        words.append(f"{name}: {', '.join(shown)}")
    more = ", …" if sum(map(len, lost.values())) > _FIRST_PLACES else ""
    return f" ({'; '.join(words)}{more})"


def _without_objects(evidence: Evidence, word: str) -> SafeText:
    others = ", ".join(_counted(evidence)) or translate("no file that can be read")
    if word == "locked":
        return safe(translate("the files are encrypted; what is here: {others}").format(others=others))
    if word == "proprietary":
        return safe(translate("a viewer with data of its own and no DICOM objects; what is here: {others}").format(others=others))
    if word == "unreadable":
        return safe(translate("nothing of it can be used; what is here: {others}").format(others=others))
    return safe(translate("no DICOM objects; what is here: {others}").format(others=others))


def _counted(evidence: Evidence) -> list[str]:
    kinds = Counter(file.kind for file in evidence.catalog.other_files if file.kind != "dicomdir")
    programs = sum(kinds[kind] for kind in _PROGRAM)
    words = [f"{kinds[kind]} {translate(name)}" for kind, name in _KINDS.items() if kinds[kind]]
    rest = sum(many for kind, many in kinds.items() if kind not in _KINDS and kind not in _PROGRAM)
    if programs:
        words.insert(0, translate("{count} programs").format(count=programs) if programs > 1 else translate("1 program"))
    if rest:
        words.append(translate("{count} other files").format(count=rest) if rest > 1 else translate("1 other file"))
    return words


def also_of(evidence: Evidence) -> tuple[SafeText, ...]:
    """What else is on the medium, in pieces."""
    pieces = []
    programs = [file.path for file in evidence.catalog.other_files if file.kind in _PROGRAM]
    if programs:
        names = ", ".join(path.rpartition("/")[2] for path in programs[:2]) + (", …" if len(programs) > 2 else "")
        pieces.append(translate("programs: {names} (not run, not scanned)").format(names=names))
    present = {file.path.upper().partition(";")[0] for file in evidence.catalog.other_files}
    counted = [word for word in _counted(evidence) if not word.endswith((translate("programs"), translate("1 program")))]
    pieces += counted
    pieces += [name for name in _NAMED if name in present]
    lossy = sum(evidence.observed.lossy.values())
    if lossy:
        words = translate("{count} objects compressed with loss") if lossy > 1 else translate("1 object compressed with loss")
        pieces.append(words.format(count=lossy))
    return tuple(safe(piece) for piece in pieces)


def sure_of(evidence: Evidence, counts: Counts, bytes_read: int, notes: int, elapsed_s: float) -> tuple[SafeText, ...]:
    """How it was found out, in pieces."""
    pieces = []
    if evidence.has_list:
        pieces.append(translate("list: {path}").format(path=", ".join(one.path for one in evidence.lists if one.directory)))
    else:
        pieces.append(translate("no list: found by scanning"))
    megabytes = f"{bytes_read / 1e6:.0f} MB" if bytes_read >= 10e6 else f"{bytes_read / 1e6:.1f} MB"
    bad = sum(length for read in evidence.observed.read.values() for _, length in read.unreadable)
    if evidence.level == "listing":
        pieces.append(translate("listed, not read"))
    elif evidence.level == "headers":
        pieces.append(translate("listed and opened, not read through: {megabytes}").format(megabytes=megabytes))
    elif not evidence.finished:
        pieces.append(translate("stopped before the end: {megabytes} read").format(megabytes=megabytes))
    else:
        text = translate("every byte of every object read: {megabytes}, {bad} bad")
        pieces.append(text.format(megabytes=megabytes, bad=f"{bad} bytes" if bad else "0"))
    if evidence.level == "pixels":
        pieces.append(translate("{count} frames decoded").format(count=counts.frames_decoded))
    else:
        pieces.append(translate("pixels not decoded"))
    if evidence.profile:
        pieces.append(translate("held against {profile}").format(profile=evidence.profile.upper()))
    if notes:
        pieces.append(translate("{count} format notes").format(count=notes) if notes > 1 else translate("1 format note"))
    pieces.append(f"{elapsed_s:.0f} s" if elapsed_s >= 1 else "< 1 s")
    return tuple(safe(piece) for piece in pieces)
