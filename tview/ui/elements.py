"""Which data elements the mask for names hides."""

_ACCESSION_NUMBER = 0x00080050


def names_someone(tag: int, vr: str) -> bool:
    """Those about the patient, names of persons, and the accession number."""
    return tag >> 16 == 0x0010 or vr == "PN" or tag == _ACCESSION_NUMBER
