"""A slide whose pixels say where they are: red is the column, green the row, in steps of 8; levels of 1, 1/2 and 1/4, a label."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

ROWS, COLUMNS, TILE = 400, 600, 64
STUDY, SERIES = generate_uid(), generate_uid()


def matrix(factor: int):
    """(rows, columns, 3): a pixel of a level has the colour of the middle of what it covers."""
    row, column = np.meshgrid(np.arange(ROWS // factor) * factor, np.arange(COLUMNS // factor) * factor, indexing="ij")
    return np.stack([column // 16 * 6, row // 16 * 8, np.full_like(row, 40 * factor)], axis=-1).astype(np.uint8)


def _base(number: int, kind: str) -> Dataset:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.77.1.6"
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    made.PatientName, made.PatientID, made.StudyInstanceUID, made.SeriesInstanceUID = "SLIDE^S", "S1", STUDY, SERIES
    made.Modality, made.StudyDate, made.SeriesNumber, made.InstanceNumber = "SM", "20260101", 1, number
    made.ImageType = ["ORIGINAL", "PRIMARY", kind, "NONE"]
    made.SamplesPerPixel, made.PhotometricInterpretation, made.PlanarConfiguration = 3, "RGB", 0
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    return made


def level(number: int, factor: int, *, sparse: bool = False) -> Dataset:
    pixels = matrix(factor)
    rows, columns = pixels.shape[:2]
    made = _base(number, "VOLUME")
    made.TotalPixelMatrixRows, made.TotalPixelMatrixColumns, made.Rows, made.Columns = rows, columns, TILE, TILE
    made.DimensionOrganizationType = "TILED_SPARSE" if sparse else "TILED_FULL"
    measures = Dataset()
    measures.PixelSpacing = [0.0005 * factor, 0.0005 * factor]
    shared = Dataset()
    shared.PixelMeasuresSequence = Sequence([measures])
    made.SharedFunctionalGroupsSequence = Sequence([shared])
    corners = [(row, column) for row in range(0, rows, TILE) for column in range(0, columns, TILE)]
    if sparse:
        corners = corners[::-1][:-1]  # the other way round, and the first tile is not there
        frames = []
        for row, column in corners:
            place, frame = Dataset(), Dataset()
            place.ColumnPositionInTotalImagePixelMatrix, place.RowPositionInTotalImagePixelMatrix = column + 1, row + 1
            frame.PlanePositionSlideSequence = Sequence([place])
            frames.append(frame)
        made.PerFrameFunctionalGroupsSequence = Sequence(frames)
    tiles = np.zeros((len(corners), TILE, TILE, 3), np.uint8)
    for index, (row, column) in enumerate(corners):
        part = pixels[row : row + TILE, column : column + TILE]
        tiles[index, : part.shape[0], : part.shape[1]] = part
    made.NumberOfFrames, made.PixelData = len(corners), tiles.tobytes()
    return made


def label() -> Dataset:
    made = _base(9, "LABEL")
    made.Rows, made.Columns, made.NumberOfFrames = 40, 30, 1
    made.TotalPixelMatrixRows, made.TotalPixelMatrixColumns = 40, 30
    made.PixelData = np.full((40, 30, 3), 200, np.uint8).tobytes()
    return made


def write_slide(folder: Path) -> Path:
    """Three levels and a label."""
    for number, factor in enumerate((1, 2, 4), 1):
        level(number, factor).save_as(folder / f"L{factor}", enforce_file_format=True)
    label().save_as(folder / "LABEL", enforce_file_format=True)
    return folder
