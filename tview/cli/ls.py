"""``tview ls``: what is on it, as a tree of text or as JSON."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from tview.cli.common import (
    exit_for,
    fail_on_argument,
    opened,
    print_lines,
    print_record,
    say_finding,
    settings_of,
    source_arguments,
    unicode_output,
    worst,
)
from tview.errors import Exit
from tview.text import translate

if TYPE_CHECKING:
    from tview.catalog import Catalog


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    source_arguments(parser)
    parser.add_argument("--json", action="store_true", help=translate("as JSON (schema tview/ls/1)"))
    parser.add_argument("--long", action="store_true", help=translate("every object with its path and state"))
    fail_on_argument(parser)
    parser.add_argument("--hash", choices=("sha1", "sha256"), help=translate("read every file and add the digest of what could be read"))


def run(options: Namespace) -> Exit:
    """List it. Exit 1 when a finding is as bad as --fail-on says, 3 when a source has nothing medical or cannot be opened."""
    settings_of(options)
    from tview.catalog import catalog_record, complete_catalog, digests_of, listing_lines, nothing_medical

    with opened(options) as media:
        failed = [error.finding for error in media.failed]
        catalog = complete_catalog(media, failed=failed)
        digests = digests_of(media, catalog, options.hash) if options.hash else None
        if options.json:
            print_record(catalog_record(catalog, media, digests, list(zip(media.failed_sources, failed, strict=True))))
        else:
            ascii_only = not unicode_output()
            print_lines(listing_lines(catalog, media, long=options.long, ascii_only=ascii_only, failed=media.failed_sources))
        codes = [media.code]
        for number in _without_objects(catalog, len(media)):
            others = tuple(file for file in catalog.other_files if file.source_number == number)
            error = nothing_medical([media[number]], catalog._replace(other_files=others))
            say_finding(error.finding)
            codes.append(error.exit_code)
    codes.append(exit_for(catalog.findings, options.fail_on))
    return worst(codes)


def _without_objects(catalog: "Catalog", sources: int) -> list[int]:
    """The numbers of the sources that hold none of the objects."""
    if sources == 1:
        return [] if catalog.patients else [0]
    instances = [instance for series in catalog.series for instance in series.instances]
    holding = {instance.source_number for instance in instances} | {place.source_number for one in instances for place in one.also_at}
    return [number for number in range(sources) if number not in holding]
