"""Every kind of finding, in one tuple. Documentation, JSON and the tests are made from it.

A message says what and where, the advice what to do next. Places are the finding's values, and ``{path}``, ``{count}``, ``{range}``.
"""

from functools import cache

from tview.errors.finding import FindingKind, Severity

E, W, I = Severity.ERROR, Severity.WARNING, Severity.INFO  # noqa: E741 - the verdict's letters

# fmt: off
FINDING_KINDS: tuple[FindingKind, ...] = (
    # --- usage, settings, terminal -------------------------------------------------------------------------------
    FindingKind("usage", E, "{problem}", "See: tview --help"),
    FindingKind("internal-error", E, "tview met an error of its own: {kind}", "Nothing on the medium was changed. Please report it with: tview doctor"),
    FindingKind("settings-unreadable", E, "the settings file {path} cannot be used: {problem}", "Correct it, or start with --config /dev/null."),
    FindingKind("no-terminal", E, "this needs a terminal, and there is none here", "Over ssh use: ssh -t HOST tview SOURCE. For scripts: tview ls --json, tview export."),
    FindingKind("terminal-too-small", E, "the terminal has {columns}x{rows} cells, 40x12 are needed", "Make the window larger or the font smaller."),
    FindingKind("terminal-dumb", E, "the terminal is of type {term} and cannot draw", "Set TERM to what the terminal is, or use tview ls and tview export."),
    FindingKind("graphics-unavailable", W, "{wanted} graphics were asked for; the terminal did not say that it has them", "If the picture is missing, start with --graphics auto."),
    # --- media ------------------------------------------------------------------------------------------------
    FindingKind("source-missing", E, "{path}: there is no such file, folder or device", "Check the name; quote it if it has spaces."),
    FindingKind("source-no-permission", E, "{path}: no permission to read it", "{hint}"),
    FindingKind("source-not-supported", E, "{path}: this is {what}, not a disc, disc image, folder or DICOM file", "Give a folder, a DICOMDIR, a DICOM file, an .iso image or a drive such as /dev/sr0."),
    FindingKind("source-read-failed", E, "{path}: reading failed: {problem}", "Clean the disc and try again; another drive often reads what this one cannot."),
    FindingKind("more-of-a-kind", I, "{count} more findings of the kind {kind}"),
    FindingKind("source-packed", E, "{path}: this is {what}, which tview does not unpack", "Unpack it (7z x {path}) and give the folder."),
    FindingKind("source-empty", E, "{path}: the file is empty", "Fetch it again; a download or copy that broke off leaves such files."),
    FindingKind("medium-gone", E, "{path}: the medium has gone away", "Put the disc back in and try again."),
    FindingKind("medium-other", E, "{path}: another disc is in the drive than the one that was opened", "Put the first one back in, or open this one anew."),
    FindingKind("no-files", E, "the file system of this source lists no file at all", "If the disc was meant to hold pictures it was not burned through; ask for another."),
    FindingKind("unreadable-range", E, "{count} stretches of the medium cannot be read; the first is {range}", "Clean the disc and try again; another drive often reads what this one cannot."),
    FindingKind("unreadable-range-of-file", E, "{path}: {length} bytes at {offset} cannot be read", "Clean the disc and try again; another drive often reads what this one cannot."),
    FindingKind("file-unreadable", E, "{path}: the file cannot be opened: {problem}", "Check the permissions, or copy the folder as its owner."),
    FindingKind("folder-unreadable", E, "{path}: the folder cannot be listed: {problem}", "Check the permissions, or copy the folder as its owner."),
    FindingKind("link-not-followed", I, "{path}: a link to {target}; links are not followed"),
    FindingKind("special-file-skipped", I, "{path}: neither a file nor a folder, left alone"),
    FindingKind("directory-damaged", E, "{path}: this folder's listing in the {tree} tree is damaged", "What another listing of the disc still names is shown. Ask for another disc if pictures are missing."),
    FindingKind("directory-loop", W, "{path}: the folder contains itself or was listed before, and is shown once"),
    FindingKind("listing-limit", W, "the listing is longer than tview reads; the rest is left out", "Use --limits trusted for a source you trust."),
    FindingKind("disc-cut-off", E, "the image ends {missing} bytes before its file system does", "Copy or download it again: it broke off."),
    FindingKind("file-cut-off", E, "{path}: only {present} of its {size} bytes lie on the medium", "Copy or download the image again, or ask for another disc."),
    FindingKind("descriptor-damaged", W, "the {what} volume descriptor is damaged; another was used", clause="ECMA-119 8.4"),
    FindingKind("descriptors-not-ended", I, "the volume descriptors have no terminator", clause="ECMA-119 8.3"),
    FindingKind("numbers-disagree", I, "{count} directory records whose two byte orders disagree; the ones that fit were used", clause="ECMA-119 7.3.3"),
    FindingKind("trees-disagree", W, "{path}: the {one} and {other} listings put it at different places; the one that is whole was used"),
    FindingKind("only-in-one-tree", W, "{path}: only the {tree} listing names it", "Other programs may not show this file."),
    FindingKind("file-record-damaged", E, "{path}: what the disc records about this file is damaged; its content cannot be found", "Ask for another disc if it is needed."),
    FindingKind("udf-damaged", W, "the UDF file system is damaged: {what}", clause="ECMA-167"),
    FindingKind("disc-end-missing", I, "the image ends {missing} bytes before its file system does; no file is affected"),
    FindingKind("sessions-several", I, "{sessions} sessions were burned on this disc; the files of all are shown", "Other programs may show those of one session only."),
    FindingKind("map-honoured", W, "{map}: the map of a rescue calls {length} bytes of this image lost", "Pictures that lie there are damaged."),
    FindingKind("sheet-without-image", E, "{path}: the image that this sheet describes, {image}, is not beside it", "Put both into one folder."),
    FindingKind("parts-joined", I, "{parts} parts of a split image are read as one"),
    FindingKind("drive-no-disc", E, "{path}: there is no disc in the drive", "Put the disc in and try again."),
    FindingKind("drive-tray-open", E, "{path}: the tray is open", "Close it and try again."),
    FindingKind("drive-not-ready", E, "{path}: the drive is still getting ready", "Wait until its light stops blinking and try again; a disc that never gets ready is damaged or upside down."),
    FindingKind("drive-disc-blank", E, "{path}: the disc is blank, or its burning was never finished", "Ask for another disc."),
    FindingKind("drive-disc-audio", E, "{path}: this is an audio disc, with music and no files", "Check that it is the right disc."),
    FindingKind("drive-busy", E, "{path}: another program is using the drive", "Close it, or wait until it is done."),
    FindingKind("drive-mounted", E, "{path}: the disc is in use at {mount}", "Unmount it first: umount {mount}"),
    FindingKind("drive-not-ejected", E, "{path}: the tray does not open: {problem}", "Press the button of the drive."),
    FindingKind("name-outside", W, "{path}: the archive gives this file a name that leads outside; it is shown inside"),
    FindingKind("archive-encrypted", E, "{path}: the file is encrypted", "Unpack the archive with its password (7z x) and give the folder."),
    FindingKind("archive-method", E, "{path}: the file is packed in a way that tview does not know", "Unpack the archive (7z x) and give the folder."),
    FindingKind("archive-bomb", E, "{path}: the file claims to unpack to {size} bytes from nearly nothing; it is not unpacked"),
    FindingKind("archive-overlap", E, "{path}: the file shares its bytes with another one of the archive; it is not unpacked"),
    FindingKind("archive-member-lost", E, "{path}: the archive has lost this file", "Copy or download the archive again."),
    FindingKind("archive-member-damaged", E, "{path}: the file cannot be unpacked beyond {offset} bytes", "Copy or download the archive again."),
    FindingKind("archive-damaged", E, "the archive is damaged at {at}; what follows was looked for", "Copy or download the archive again."),
    FindingKind("archive-cut-off", E, "the archive has no list of its files at its end; what could be found is shown", "Copy or download the archive again: it broke off."),
    FindingKind("archive-too-large", E, "{path}: the archive unpacks to more than {limit} bytes", "Unpack it and give the folder."),
    FindingKind("reference-outside", E, "a reference points outside the medium and was not followed", clause="PS3.10 8.5"),
    # --- pixels -----------------------------------------------------------------------------------------------
    FindingKind("pixels-none", E, "this object holds no picture", "Its elements can be read with: tview tags"),
    FindingKind("pixel-layout-unsupported", E, "the picture is described as {problem}, and cannot be drawn from that", "Ask the sender for the image once more; nothing was guessed."),
    FindingKind("pixel-data-missing", E, "the pixel data is empty: {have} of {want} bytes are there", "Read the file from another copy, or ask the sender for it once more."),
    FindingKind("pixels-cut", W, "partial {percent} %: {rows_present} of {rows} rows are there, the rest is missing", "Read the file from another copy; the missing rows are hatched."),
    FindingKind("frames-missing", W, "{present} of {declared} frames are there", "Read the file from another copy, or ask the sender for it once more."),
    FindingKind("frame-missing", E, "frame {frame} is not there: the object has {present}", "Choose a frame that is there."),
    FindingKind("frame-too-large", E, "a frame takes {megabytes} MB in memory, over the limit of {limit} MB", "If this source is trusted: --limits trusted"),
    FindingKind("frame-size-implausible", E, "the header promises {megabytes} MB of picture from {have} bytes of data", "The header or the data is damaged; ask the sender for the image once more."),
    FindingKind("syntax-unsupported", E, "the picture is stored as {name}, which cannot be drawn here", "Another viewer may show it. Copy the file with: tview copy"),
    FindingKind("syntax-assumed", W, "the file says {declared}, its data is {found}: shown as {found}", "The picture is right if it looks right; the file breaks the standard.", "PS3.5 A.4"),
    FindingKind("attribute-assumed", W, "{attribute} is missing or unusable: {assumed} was assumed", "The picture may look wrong; ask the sender."),
    FindingKind("colour-assumed", W, "the file says {declared}, its data is {found}: shown as {found}", "Colours are right if they look right.", "PS3.5 8.2.1"),
    FindingKind("stream-header-mismatch", E, "the compressed data says {found}, the header says {declared}", "One of the two is damaged; ask the sender for the image once more."),
    FindingKind("frame-smaller", W, "a frame is {found} pixels where the header says {declared}", "The rest of it is drawn black."),
    FindingKind("stream-unknown", E, "the data of frame {frame} is not {name}, nor anything else that is known", "Read the file from another copy, or ask the sender for it once more."),
    FindingKind("stream-cut", W, "the compressed data of frame {frame} ends early", "Rows at the lower edge may be missing; read the file from another copy."),
    FindingKind("frame-undecodable", E, "the {codec} data cannot be decoded: {detail}", "Read the file from another copy, or ask the sender for it once more."),
    FindingKind("frame-time-limit", E, "decoding took longer than {seconds} s and was stopped", "The data is damaged or made to do harm; the other images are not affected."),
    FindingKind("frame-memory-limit", E, "decoding {codec} needed more memory than it may have, and was stopped", "The data is damaged or made to do harm; the other images are not affected."),
    FindingKind("decoder-unavailable", E, "the decoding process ended: {problem}", "Try again; if it stays so, see: tview doctor"),
    FindingKind("rescale-unusable", W, "rescale slope {slope}, intercept {intercept}: not used, values are as stored", "Measured values have no unit here.", "PS3.3 C.11.1.1.2"),
    FindingKind("lookup-table-unusable", W, "the {table} cannot be used: {problem}", "The picture is drawn without it."),
    FindingKind("window-unusable", W, "the file's window {window} cannot be used: a range from the pixels is drawn instead", "Set the window by hand.", "PS3.3 C.11.2.1.2"),
    FindingKind("window-threshold", W, "the file's window is {window}, narrower than one value: drawn as a threshold", "Set the window by hand.", "PS3.3 C.11.2.1.2"),
    FindingKind("window-exact", W, "the file's window {window} cannot be LINEAR on floating-point values: drawn as LINEAR_EXACT", "", "PS3.3 C.11.2.1.3"),
    FindingKind("window-from-pixels", I, "no window in the file: drawn from the smallest to the largest value of this frame", "", "PS3.3 C.11.2.1.2"),
    FindingKind("overlay-unusable", W, "overlay {group} cannot be drawn: {problem}", "The picture itself is not affected.", "PS3.3 C.9.2"),
    # --- dicom --------------------------------------------------------------------------------------------------
    FindingKind("not-dicom", E, "{path}: this is no DICOM file", "List what there is with: tview ls"),
    FindingKind("meta-missing", I, "{path} has no file meta information", "It was read by its content.", "PS3.10 7.1"),
    FindingKind("header-empty", W, "{path} ends before its data set begins", "Ask for this object again."),
    FindingKind("header-unreadable", W, "the header of {path} cannot be read past byte {range}", "What came before is shown. Ask for this object again."),
    FindingKind("transfer-syntax-differs", W, "{path} says {declared} and is written as {actual}", "It was read as it is written.", "PS3.10 7.1"),
    FindingKind("element-too-long", W, "{path}: element ({tag}) claims more bytes than there are", "Ask for this object again if something is missing."),
    FindingKind("element-repeated", I, "{path}: element ({tag}) is there twice; the first counts"),
    FindingKind("vr-unknown", I, "{path}: element ({tag}) has no value representation of the standard", "", "PS3.5 6.2"),
    FindingKind("sequence-unterminated", W, "{path}: sequence ({tag}) lacks a delimiter", "It was read as far as it goes.", "PS3.5 7.5"),
    FindingKind("stray-delimiter", I, "{path}: an item or delimiter stands outside a sequence, at byte {offset}"),
    FindingKind("trailing-bytes", I, "{path}: bytes after the last element, at {offset}"),
    FindingKind("nested-too-deep", W, "{path}: sequences nest too deep to be read", "If you trust this disc, use --limits trusted."),
    FindingKind("too-many-elements", W, "{path}: too many elements; the rest is left out", "If you trust this disc, use --limits trusted."),
    FindingKind("inflated-too-large", E, "{path}: the compressed data set grows beyond the limit", "If you trust this disc, use --limits trusted."),
    FindingKind("deflate-broken", W, "{path}: the data set says that it is deflated, and cannot be inflated", "It was read as it stands.", "PS3.5 A.5"),
    FindingKind("offset-table-wrong", I, "{path}: the offset table of the pixel data is wrong", "The frames were found without it.", "PS3.5 A.4"),
    FindingKind("frames-unclear", W, "{path}: {fragments} pieces of pixel data for {frames} frames", "Frames may be mixed up. Ask for this object again.", "PS3.5 A.4"),
    FindingKind("preamble-program", E, "{path} starts like a {what}", "Never run files of this disc. Its DICOM part was read.", "PS3.10 7.1"),
    FindingKind("preamble-tiff", I, "{path} starts like a TIFF picture", "", "PS3.10 7.1"),
    FindingKind("preamble-used", I, "{path} has something in its preamble", "", "PS3.10 7.1"),
    FindingKind("preamble-odd", I, "{path} has a preamble of {bytes} bytes; 128 are the standard", "", "PS3.10 7.1"),
    # --- choice, export -----------------------------------------------------------------------------------------
    FindingKind("no-match", E, "nothing on this source matches {wanted}", "List what is there with: tview ls {source}"),
    FindingKind("output-exists", E, "{path} is there already and is not overwritten", "Give another name, or remove it first."),
    FindingKind("picture-failed", E, "this picture cannot be drawn: {kind}", "The others are not affected. Please report it with: tview doctor"),
    FindingKind("nothing-exported", E, "none of the chosen objects gave a picture ({count} tried)", "tview ls says what each of them is."),
    FindingKind("array-too-large", E, "the array would take {megabytes} MB", "Choose frames with --frame, or export png."),
    FindingKind("output-on-medium", E, "{path} lies inside the source, and nothing is ever written there", "Give a folder elsewhere."),
    FindingKind("output-failed", E, "{path} could not be written: {problem}", "Check the free space and the permissions of the folder."),
)
# fmt: on


@cache
def _by_code() -> dict[str, FindingKind]:
    return {kind.code: kind for kind in FINDING_KINDS}


def kind_of(code: str) -> FindingKind:
    """The kind with this code. Raises `KeyError` when it is not in FINDING_KINDS."""
    return _by_code()[code]
