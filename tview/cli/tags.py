"""``tview tags``: the data elements of one object, nested, searched."""

from argparse import ArgumentParser, Namespace

from tview.cli.common import choice_arguments, opened, print_lines, print_record, settings_of, source_arguments
from tview.errors import ChoiceError, Exit, finding
from tview.text import SafeText, safe, translate


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    source_arguments(parser)
    choice_arguments(parser)
    parser.add_argument("--find", metavar="WORD", help=translate("only elements whose tag, name or value has this word"))
    parser.add_argument("--json", action="store_true", help=translate("as JSON"))


def run(options: Namespace) -> Exit:
    """Print them."""
    settings = settings_of(options)
    from tview.catalog import element_rows
    from tview.cli.objects import chosen_place, read_object

    with opened(options) as media:
        code = media.code
        place = chosen_place(media, options)
        header, _reader = read_object(media, place.source_number, place.path, settings)
        rows = [row for part in (header.meta, header.data_set) if part is not None for row in element_rows(part)]
    if options.find:
        word = options.find.casefold()
        rows = [row for row in rows if word in f"{row.tag} {row.name} {row.value}".casefold()]
        if not rows:
            raise ChoiceError(finding("no-match", wanted=options.find, source=options.source[0]))
    if options.json:
        record: dict[str, object] = {
            "schema": "tview/tags/1",
            "path": safe(place.path),
            "source_number": place.source_number,
            "elements": [
                {
                    "depth": row.depth,
                    "tag": row.tag,
                    "vr": row.vr or None,
                    "name": row.name,
                    "value": row.value or None,
                    "length": row.length,
                }
                for row in rows
            ],
        }
        print_record(record)
        return code
    print_lines([safe(f"# {place.path}"), *(_line(row.depth, row.tag, row.vr, row.name, row.value) for row in rows)])
    return code


def _line(depth: int, tag: str, vr: str, name: SafeText, value: SafeText) -> SafeText:
    return safe(f"{'  ' * depth}{tag} {vr:<2} {name:<{max(1, 40 - 2 * depth)}} {value}".rstrip())
