"""``tview ls``: what is on it, as a tree of text or as JSON."""

import json
import sys
from argparse import ArgumentParser, Namespace

from tview.cli.common import opened, print_lines, settings_of, source_arguments, unicode_output
from tview.errors import CatalogError, Exit, Severity, finding
from tview.text import translate


def arguments(parser: ArgumentParser) -> None:
    """Its own options."""
    source_arguments(parser)
    parser.add_argument("--json", action="store_true", help=translate("as JSON (schema tview/ls/1)"))
    parser.add_argument("--long", action="store_true", help=translate("every object with its path and state"))
    parser.add_argument("--hash", choices=("sha1", "sha256"), help=translate("read every file and add the digest of what could be read"))


def run(options: Namespace) -> Exit:
    """List it. Exit 1 when there is a finding of severity error, 3 when nothing medical is there."""
    settings_of(options)
    from tview.catalog import catalog_record, complete_catalog, digests_of, listing_lines

    with opened(options) as media:
        catalog = complete_catalog(media)
        digests = digests_of(media, catalog, options.hash) if options.hash else None
        if options.json:
            sys.stdout.write(json.dumps(catalog_record(catalog, media, digests), ensure_ascii=True) + "\n")
            sys.stdout.flush()
        else:
            print_lines(listing_lines(catalog, media, long=options.long, ascii_only=not unicode_output()))
        if not catalog.patients:
            raise CatalogError(finding("nothing-medical", path=options.source[0], count=len(catalog.other_files)))
    return Exit.FINDINGS if any(told.severity is Severity.ERROR for told in catalog.findings) else Exit.FINE
