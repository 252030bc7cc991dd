"""The tables equal pydicom's."""

import pytest
from pydicom.datadict import DicomDictionary, keyword_for_tag
from pydicom.uid import UID_dictionary

from tview.dicom import sop_class_kind, sop_class_name, tags, transfer_syntax, uids
from tview.dicom.dictionary import vr_of

OURS = {name: value for name, value in vars(tags).items() if name.isupper()}


@pytest.mark.parametrize("name", OURS)
def test_tags_carry_the_standard_keyword(name):
    value = OURS[name]
    if value >> 16 == 0xFFFE:
        return
    keyword = keyword_for_tag(value)
    assert keyword.upper() == name.replace("_", "") or (name, keyword) == ("PATIENT_SPECIES_DESCRIPTION", "PatientSpeciesDescription")


def test_every_vr_of_the_dictionary():
    assert {tag: vr_of(tag) for tag in DicomDictionary if DicomDictionary[tag][0] != "NONE" and tag >> 16 < 0x6000} == {
        tag: row[0] for tag, row in DicomDictionary.items() if row[0] != "NONE" and tag >> 16 < 0x6000
    }


@pytest.mark.parametrize(
    ("tag", "vr"),
    ((0x00090010, "LO"), (0x00091001, "UN"), (0x00080000, "UL"), (0x60020010, "US"), (0x601E3000, "OB or OW"), (0x7FE00010, "OB or OW")),
)
def test_private_repeating_and_length_elements(tag, vr):
    assert vr_of(tag) == vr


def test_names_of_storage_classes():
    listed = {
        uid: row[0]
        for uid, row in UID_dictionary.items()
        if row[1] == "SOP Class" and "Storage" in row[0] and uid.startswith("1.2.840.10008.5.1.4.") and "Commitment" not in row[0]
    }
    assert {uid: f"{sop_class_name(uid)} Storage" for uid in listed if sop_class_kind(uid) and "Storage -" not in listed[uid]} == {
        uid: name for uid, name in listed.items() if sop_class_kind(uid) and "Storage -" not in name
    }
    assert [name for uid, name in listed.items() if not sop_class_kind(uid)] == []


def test_every_kind_is_a_listed_one():
    assert {kind for _uid, _name, kind in uids.STORAGE_CLASSES} <= set(uids.KINDS)


def test_transfer_syntaxes():
    for uid, row in UID_dictionary.items():
        if row[1] == "Transfer Syntax" and not uid.startswith("1.2.840.10008.1.2.6"):
            assert transfer_syntax(uid).name == row[0]
            theirs = __import__("pydicom").uid.UID(uid)
            if not transfer_syntax(uid).by_reference and not uid.endswith((".1.20", ".7.1", ".7.2", ".7.3")):
                ours = transfer_syntax(uid)
                assert (ours.implicit_vr, ours.little_endian, ours.deflated, ours.encapsulated) == (
                    theirs.is_implicit_VR, theirs.is_little_endian, theirs.is_deflated, theirs.is_compressed and not theirs.is_deflated,
                ), uid  # fmt: skip
