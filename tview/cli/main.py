"""The `tview` command."""


def main() -> int:
    return 0


def entry() -> None:
    raise SystemExit(main())
