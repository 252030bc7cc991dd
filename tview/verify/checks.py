"""Every check, in one tuple: documentation, the verdict and the tests are made from it."""

from functools import cache

from tview.errors import Finding
from tview.verify import checks_format as f
from tview.verify import checks_images as i
from tview.verify.evidence import ARCHIVE_LOSSES
from tview.verify.model import Check
from tview.verify.persons import person_findings

_ = str  # marks a message for the gettext catalogue

_ASK = _("Ask the sender for what is missing.")
_CLEAN = _("Clean the disc, try another drive, then ask the sender.")
_LOOK = _("Look at it before you import.")
_PERSON = _("Confirm the person before you import.")
_NOTE = _("Nothing; it matters to whoever burned the disc.")
_NEVER = _("Never run programs of a disc.")

_LIST_DAMAGE = (
    "dicomdir-unreadable", "dicomdir-cut", "dicomdir-damaged", "dicomdir-unreadable-range", "dicomdir-length",
)  # fmt: skip
_ODD_ENCODING = (
    "element-too-long", "element-repeated", "vr-unknown", "sequence-unterminated", "stray-delimiter", "trailing-bytes", "nested-too-deep",
    "too-many-elements", "deflate-broken", "offset-table-wrong", "frames-unclear",
)  # fmt: skip

# fmt: off
CHECKS: tuple[Check, ...] = (
    # --- images -------------------------------------------------------------------------------------------------
    Check(1, ("no-files",), "E", "images", None, _("files are listed"),
          _("A disc whose lists name no file was not written through, or its listing is lost."), _ASK, i.as_told("no-files", severity=i.E)),
    Check(2, ("file-cut-off", "disc-cut-off", "archive-cut-off", "archive-damaged"), "E", "images", None, _("files lie inside the medium"),
          _("Images whose end lies beyond the end of the disc were never written, or a copy broke off."), _ASK,
          lambda evidence: (told for find in (i.by_loss("file-cut-off"), i.cut_image) for told in find(evidence))),
    Check(3, ("unreadable-range", "unreadable-range-of-file", "file-unreadable", "object-unreadable-range", *ARCHIVE_LOSSES), "E", "images", None,
          _("every byte can be read"), _("A scratch costs the images it crosses; elsewhere it costs nothing."), _CLEAN, i.unreadable),
    Check(12, ("directory-damaged", "folder-unreadable", "listing-limit", "file-record-damaged", "udf-damaged", "descriptor-damaged",
               "descriptors-not-ended", "numbers-disagree", "directory-loop", "found-without-name"), "W", "images", "ECMA-119",
          _("the file system is sound"), _("A lost folder can hide images; other flaws only trouble old programs."), _LOOK, i.broken_directories),
    Check(15, ("dicomdir-absent-from-disc", "dicomdir-absent"), "W", "images", "PS3.10 8.6", _("there is a list, the DICOMDIR"),
          _("Without it nothing tells what was left off, and some systems import nothing."), _LOOK,
          i.as_told("dicomdir-absent-from-disc", "dicomdir-absent")),
    Check(17, _LIST_DAMAGE, "W", "images", "PS3.10 8.6", _("the DICOMDIR can be read"),
          _("A damaged list may have named more than was found."), _LOOK, i.as_told(*_LIST_DAMAGE, severity=i.W)),
    Check(21, ("reference-outside",), "W", "images", "PS3.10 8.6", _("the DICOMDIR stays on its medium"),
          _("A reference out of the disc is a mistake or an attack."), _LOOK, i.as_told("reference-outside", severity=i.W)),
    Check(22, ("referenced-file-missing", "listed-object-absent"), "E", "images", "PS3.10 8.6", _("every listed file is there"),
          _("The list promises images that are not on the disc."), _ASK, i.missing),
    Check(27, ("dicomdir-offsets", "dicomdir-loop", "dicomdir-unlinked", "dicomdir-deep"), "W", "images", "PS3.3 F.3.2.2",
          _("the records of the DICOMDIR are linked"), _("Other programs show fewer images than there are."), _LOOK,
          i.as_told("dicomdir-offsets", "dicomdir-loop", "dicomdir-unlinked", "dicomdir-deep", severity=i.W)),
    Check(28, ("file-not-referenced", "document-not-referenced"), "W", "images", "PS3.10 8.6", _("every image is listed"),
          _("An import by the list alone leaves these out."), _LOOK, i.unlisted),
    Check(29, ("dicomdir-disagrees",), "W", "images", "PS3.3 F.3.2.2", _("record and file agree"),
          _("A record that names another object than its file holds makes an import refuse it, or mix it up."), _LOOK, i.disagreements),
    Check(31, ("duplicate-objects", "copies-differ", "hashes-differ", "sop-instance-uid-reused", "damaged-copy"), "E", "images", "PS3.3 C.12.1",
          _("one UID, one object"), _("An import keeps one of two objects with the same UID, and nobody knows which."), _ASK,
          lambda evidence: (told for find in (i.duplicates, i.damaged_copies) for told in find(evidence))),
    Check(39, ("object-cut-off", "pixels-fewer", "pixels-open-ended", "object-unreadable", "header-empty", "header-unreadable",
               "frames-absent", "file-blank"), "E", "images", None,
          _("every object is whole"), _("The end of a cut-off image is missing, or all of it."), _ASK,
          lambda evidence: (told for find in (i.broken, i.blank) for told in find(evidence))),
    Check(42, ("object-class-unsupported", "object-syntax-unsupported", "object-vendor-container"), "W", "images", "IHE RAD TF-3 4.47", _("everything can be shown here"),
          _("What this program does not show somebody may need; readers of such discs have to say so."), _LOOK, i.not_shown),
    Check(43, ("object-encrypted", "archive-encrypted", "archive-method", "packed-on-disc"), "W", "images", "PS3.15 B", _("nothing is locked"),
          _("Encrypted files cannot be looked into without their key."), _("Ask the sender for the key."),
          i.as_told("object-encrypted", "archive-encrypted", "archive-method", "packed-on-disc", severity=i.W)),
    Check(44, ("object-undecodable", "inflated-too-large"), "E", "images", "PS3.5 8.2", _("every frame can be decoded"),
          _("The bytes are there and make no picture. Looked for at the level pixels."), _ASK, i.undecodable),
    Check(45, ("decoders-disagree",), "W", "images", "PS3.5 8.2", _("two decoders agree"),
          _("A lossless picture has one meaning; where two decoders differ it cannot be relied on. With --second-decoder."), _ASK, i.disagreeing),
    Check(47, ("several-patients", "persons-several", "person-id-differs", "person-ids-of-places", "person-birth-date-differs",
               "person-name-differs", "person-sex-differs", "person-nameless", "dicomdir-other-patient", "birth-dates-differ", "person-not-expected"), "E", "person", None,
          _("one person"), _("Images of another person in a record do harm for years."), _PERSON,
          lambda evidence: (told for find in (person_findings, i.as_told("dicomdir-other-patient", severity=i.W)) for told in find(evidence))),
    Check(49, ("slice-gap", "instance-numbers-missing", "series-promises-more"), "W", "images", None, _("no slices are missing"),
          _("A gap with missing numbers just there looks like images left off; a gap alone may be meant, numbers alone may be deleted scouts."),
          _ASK, i.gaps),
    Check(60, ("cited-objects-missing", "cited-images-missing"), "W", "images", "PS3.3 C.17.2.3", _("what the disc speaks of is there"),
          _("Reports, key images, presentation states, segmentations and RT objects name what they were made from; what of it is not here may "
            "have been left off."), _ASK, i.spoken_of),
    Check(61, ("expected-missing",), "E", "images", None, _("what was expected is there"),
          _("Asked for with --expect: what was ordered, or what a manifest lists."), _ASK, lambda evidence: evidence.expected_findings()),
    Check(51, (), "-", "images", None, _("lossy compression"), _("Said on the exam row."), _NOTE, lambda evidence: iter(())),
    Check(52, (), "-", "images", None, _("a report is there"), _("Said on the exam row."), _NOTE, lambda evidence: iter(())),
    Check(58, (), "-", "images", None, _("a viewer is there"), _("Said under ALSO."), _NOTE, lambda evidence: iter(())),
    # --- format -------------------------------------------------------------------------------------------------
    Check(4, ("only-in-one-tree", "trees-disagree"), "I", "format", None, _("all trees list the same files"),
          _("Other programs may show fewer files."), _NOTE, f.note("only-in-one-tree", "trees-disagree")),
    Check(5, ("sessions-several", "sessions-not-searched"), "I", "format", "PS3.12 F.2.1.2", _("one session"),
          _("Some programs show the first or the last session only."), _NOTE, f.note("sessions-several", "sessions-not-searched")),
    Check(6, ("not-iso-level-1",), "I", "format", "PS3.12 F.2.2", _("names of ISO 9660 level 1"),
          _("Old systems cannot read longer names."), _NOTE, f.noted(f.level_1)),
    Check(7, ("file-system-unusual",), "I", "format", "PS3.12 Annex P", _("a usual file system"),
          _("CDs have ISO 9660, DVDs UDF with it."), _NOTE, f.noted(f.file_system)),
    Check(8, ("volume-name-differs",), "I", "format", "PS3.12 F.1.1", _("the volume is named as its file-set"),
          _("The two names should be one."), _NOTE, f.noted(f.volume_name)),
    Check(9, ("file-sets-several",), "I", "format", "PS3.12 F.1.1", _("one file-set"),
          _("Other programs read the first one only."), _NOTE, f.noted(f.file_sets)),
    Check(10, ("file-system-not-fat",), "I", "format", "PS3.12 R.1.1", _("USB media have FAT"),
          _("Medical devices often read nothing else."), _NOTE, f.noted(f.not_fat)),
    Check(11, ("folders-deep",), "I", "format", "PS3.12 F.1.2", _("no more than eight levels"),
          _("ISO 9660 ends there."), _NOTE, f.noted(f.deep)),
    Check(13, ("disc-end-missing",), "I", "format", None, _("the image is as long as it says"),
          _("The last sectors hold nothing; some programs refuse such an image."), _NOTE, f.note("disc-end-missing")),
    Check(14, ("image-wrapped", "parts-joined", "map-honoured"), "I", "format", None, _("a plain image"),
          _("Raw and split images need a program that knows them."), _NOTE,
          lambda evidence: (told for find in (f.noted(f.wrapped), f.note("parts-joined", "map-honoured")) for told in find(evidence))),
    Check(16, ("dicomdir-not-in-root",), "I", "format", "PS3.12 P.1.3.2", _("the DICOMDIR is at the top"),
          _("Other programs do not look elsewhere."), _NOTE, f.noted(f.in_folder)),
    Check(18, ("dicomdir-encoding",), "I", "format", "PS3.10 8.6", _("the DICOMDIR is Explicit VR Little Endian"),
          _("The standard has one way to write it."), _NOTE, f.note("dicomdir-encoding")),
    Check(19, ("dicomdir-class-wrong", "dicomdir-is-image"), "I", "format", "PS3.10 8.6", _("the DICOMDIR says that it is one"),
          _("Programs tell it by its SOP class."), _NOTE, f.noted(f.wrong_class)),
    Check(20, ("dicomdir-uid-absent",), "I", "format", "PS3.10 8.6", _("the file-set has a UID"),
          _("It tells one disc from another."), _NOTE, f.noted(f.no_uid)),
    Check(23, ("names-repaired", "referenced-file-elsewhere"), "I", "format", "PS3.10 8.2", _("the listed names are those of the files"),
          _("Other programs may not find files whose names differ."), _NOTE, f.note("names-repaired", "referenced-file-elsewhere")),
    Check(24, ("file-id-long",), "I", "format", "PS3.10 8.2", _("File IDs have eight parts of eight characters at most"),
          _("Some readers cut longer ones."), _NOTE, f.noted(f.long_ids)),
    Check(25, ("file-id-characters",), "I", "format", "PS3.10 8.5", _("File IDs have capitals, digits and underscores"),
          _("Other characters are read differently."), _NOTE, f.noted(f.odd_ids)),
    Check(26, ("file-id-extension",), "I", "format", "PS3.12 P.1.3.1", _("File IDs have no ending"),
          _("The standard has none."), _NOTE, f.noted(f.with_ending)),
    Check(30, ("dicomdir-level-absent", "dicomdir-keys-absent"), "I", "format", "PS3.3 F.5", _("records have what they must have"),
          _("Programs sort by these keys."), _NOTE, f.note("dicomdir-level-absent", "dicomdir-keys-absent")),
    Check(32, ("dicomdir-inconsistent",), "I", "format", "PS3.3 F.3.2.2", _("the DICOMDIR says that it fits"),
          _("Its flag says that files were changed after it was written."), _NOTE, f.noted(f.inconsistent)),
    Check(33, ("dicomdir-text-undeclared", "text-undeclared", "text-misdeclared", "text-undecodable"), "I", "format", "PS3.3 C.12.1.1.2",
          _("text says its character set"), _("Names may be read wrongly elsewhere."), _NOTE, f.noted(f.undeclared_text)),
    Check(34, ("dicomdir-record-unknown",), "I", "format", "PS3.3 F.3.2.2", _("the records are of the standard's types"),
          _("Private records are skipped by others."), _NOTE, f.note("dicomdir-record-unknown")),
    Check(35, ("dicomdirs-several", "dicomdir-repeats"), "I", "format", "PS3.10 8.6", _("one DICOMDIR, each file once"),
          _("Other programs read the first one only."), _NOTE, f.note("dicomdirs-several", "dicomdir-repeats")),
    Check(36, ("meta-missing", "transfer-syntax-differs"), "I", "format", "PS3.10 7.1", _("files have right meta information"),
          _("Other programs may refuse the file."), _NOTE, f.note("meta-missing", "transfer-syntax-differs")),
    Check(38, ("meta-length-wrong", *_ODD_ENCODING), "I", "format", "PS3.10 7.1", _("lengths and elements are written well"),
          _("It was read all the same; stricter programs may refuse."), _NOTE,
          lambda evidence: (told for find in (f.noted(f.meta_length), f.note(*_ODD_ENCODING)) for told in find(evidence))),
    Check(48, ("attributes-differ",), "W", "format", "PS3.3 C.7", _("what holds for a study or series is the same in it"),
          _("Where spacing, orientation or laterality differ, measurements across images are wrong."), _LOOK, f.attributes),
    Check(50, ("spacing-uneven", "slices-tilted", "series-mosaic"), "I", "format", None, _("slices are evenly spaced"),
          _("Reformatted pictures are drawn as if they were."), _NOTE, f.note("spacing-uneven", "slices-tilted", "series-mosaic")),
    Check(62, ("files-inside", "link-not-followed", "special-file-skipped", "name-outside", "archive-bomb", "archive-overlap", "archive-block-too-large"),
          "I", "format", None, _("ordinary files"), _("Links and odd archive members were left alone."), _NOTE,
          f.note("files-inside", "link-not-followed", "special-file-skipped", "name-outside", "archive-bomb", "archive-overlap", "archive-block-too-large")),
    # --- profiles -----------------------------------------------------------------------------------------------
    Check(40, ("profile-syntax",), "E", "profile", "PS3.11 D.3.1", _("transfer syntaxes of the profile"),
          _("A reader of the profile need not know others."), _ASK, f.under_profile(f.profile_syntaxes)),
    Check(41, ("profile-keys",), "E", "profile", "PS3.11 D.3.3", _("keys of the profile"),
          _("A reader of the profile sorts by them."), _ASK, f.under_profile(f.profile_keys)),
    Check(53, ("profile-readme",), "E", "profile", "IHE RAD TF-3 4.47", _("README.TXT"), _("It says who made the disc."), _NOTE,
          f.under_profile(f.readme)),
    Check(54, ("profile-index",), "E", "profile", "IHE RAD TF-3 4.47", _("INDEX.HTM"), _("It leads to the web content."), _NOTE,
          f.under_profile(f.index)),
    Check(55, ("profile-web-content",), "E", "profile", "IHE RAD TF-3 4.47", _("IHE_PDI holds web content only"),
          _("Readers show it in a browser."), _NOTE, f.under_profile(f.web_content)),
    Check(56, ("profile-content-outside",), "E", "profile", "IHE RAD TF-3 4.47", _("content is in its own folders"),
          _("Other files among objects trouble an import."), _NOTE, f.under_profile(f.outside)),
    Check(57, ("profile-names",), "E", "profile", "IHE RAD TF-3 4.47", _("8.3 names"), _("The profile has them for every file."), _NOTE,
          f.under_profile(f.names_83)),
    Check(59, ("profile-autorun",), "E", "profile", "IHE RAD TF-3 4.47", _("nothing starts by itself"),
          _("A program that starts by itself can do harm."), _NEVER, f.under_profile(f.autorun)),
    # --- safety -------------------------------------------------------------------------------------------------
    Check(37, ("preamble-program", "preamble-tiff", "preamble-used", "preamble-odd", "programs-found"), "E", "security", "PS3.10 7.1",
          _("nothing poses as a program"), _("A file can be an image and a program at once."), _NEVER,
          lambda evidence: (told for find in (f.preambles, f.programs) for told in find(evidence))),
)
# fmt: on


@cache
def _by_code() -> dict[str, Check]:
    return {code: check for check in CHECKS for code in check.codes}


def check_of(told: Finding) -> Check | None:
    """The check that tells such findings; None for what no check tells (a run that was stopped)."""
    code = str(told.values.get("kind", "")) if told.code == "more-of-a-kind" else told.code
    return _by_code().get(code)
