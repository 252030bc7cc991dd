"""The brain series and the ultrasound clip as DICOM objects."""

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import JPEGBaseline8Bit, MRImageStorage, RLELossless, UltrasoundMultiFrameImageStorage

from . import echo, scanner
from .head import sagittal_slice
from .noise import blur
from .plane import Grid
from .records import MR_STUDY, US_STUDY, base, code, compressed, grey, sequence, uid, windows

MR_SLICES, MR_SPACING_MM, MR_SIZE, MR_PIXEL_MM = 21, 6.0, 256, 0.9765625
_MIDDLE_Y, _MIDDLE_Z = -4.0, -34.0


def mr_jobs() -> list[tuple[float, int, float, float, float]]:
    """From her right to her left, as sagittal series are numbered."""
    return [((i - MR_SLICES // 2) * MR_SPACING_MM, MR_SIZE, MR_PIXEL_MM, _MIDDLE_Y, _MIDDLE_Z) for i in range(MR_SLICES)]


def _receive(number: int, signal: Grid) -> scanner.Stored:
    """What the coil makes of the signal: brighter at its elements, fading below it, Rician noise, air set to 0 as its maker does."""
    row, column = np.mgrid[0:MR_SIZE, 0:MR_SIZE].astype(np.float32) / MR_SIZE
    gain = 0.90 + 0.32 * ((row - 0.42) ** 2 + (column - 0.5) ** 2)
    gain = gain / (1 + np.exp((row - 0.97) / 0.035))
    generator = np.random.default_rng(300 + number)
    real, imaginary = (generator.standard_normal(signal.shape, np.float32) * 8.5 for _ in range(2))
    received = np.hypot(blur(signal, 0.45) * gain + real, imaginary)
    received[blur((signal > 20).astype(np.float32), 4) < 0.02] = 0
    return np.asarray(np.clip(np.rint(received), 0, 4095), np.uint16)


def mr_series() -> list[Dataset]:
    """Sagittal T1 spin echo of the head."""
    slices = []
    for i, (job, signal) in enumerate(zip(mr_jobs(), scanner.run(sagittal_slice, mr_jobs()), strict=True)):
        pixels = _receive(i, signal)
        ds = base(MR_STUDY, MRImageStorage, "MR", 1, i + 1, "T1 SE sag", "Phantom MR 1.5T", RLELossless)
        ds.ImageType = ["ORIGINAL", "PRIMARY", "M_SE", "SE"]
        ds.AcquisitionNumber, ds.AcquisitionDate, ds.AcquisitionTime = 1, ds.StudyDate, "133015"
        ds.BodyPartExamined, ds.PatientPosition, ds.ProtocolName = "HEAD", "HFS", "T1 SE sag"
        ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = uid("mr/frame"), ""
        half = (MR_SIZE - 1) / 2 * MR_PIXEL_MM
        ds.ImagePositionPatient = [f"{job[0]:g}", f"{_MIDDLE_Y - half:.8g}", f"{_MIDDLE_Z + half:.8g}"]
        ds.ImageOrientationPatient = [0, 1, 0, 0, 0, -1]
        ds.PixelSpacing, ds.SliceThickness, ds.SpacingBetweenSlices = [MR_PIXEL_MM, MR_PIXEL_MM], "5", "6"
        ds.SliceLocation = f"{job[0]:g}"
        ds.ScanningSequence, ds.SequenceVariant, ds.ScanOptions, ds.MRAcquisitionType = "SE", "NONE", "", "2D"
        ds.SequenceName, ds.RepetitionTime, ds.EchoTime, ds.EchoTrainLength, ds.FlipAngle = "*se2d1", "520", "12", "1", "90"
        ds.MagneticFieldStrength, ds.ImagingFrequency, ds.ImagedNucleus, ds.NumberOfAverages = "1.5", "63.87", "1H", "2"
        ds.ReceiveCoilName, ds.InPlanePhaseEncodingDirection = "HEAD-NECK", "ROW"
        ds.LossyImageCompression = "00"
        grey(ds, pixels, 12)
        windows(ds, (400, 780, "T1"))
        ds.PixelData = pixels.astype("<u2").tobytes()
        ds["PixelData"].VR = "OW"
        ds.compress(RLELossless, pixels, encoding_plugin="pydicom", generate_instance_uid=False)
        slices.append(ds)
    return slices


def _region(kind: int, data: int, box: tuple[int, int, int, int], priority: int) -> Dataset:
    region = Dataset()
    region.RegionSpatialFormat, region.RegionDataType, region.RegionFlags = kind, data, priority
    region.RegionLocationMinX0, region.RegionLocationMinY0, region.RegionLocationMaxX1, region.RegionLocationMaxY1 = box
    region.ReferencePixelX0, region.ReferencePixelY0 = echo.APEX_COLUMN - box[0], echo.APEX_ROW - box[1]
    region.ReferencePixelPhysicalValueX = region.ReferencePixelPhysicalValueY = 0.0
    region.PhysicalUnitsXDirection = region.PhysicalUnitsYDirection = 3
    region.PhysicalDeltaX = region.PhysicalDeltaY = echo.MM_PER_PIXEL / 10
    region.TransducerFrequency = 2500
    return region


def ultrasound() -> Dataset:
    """The clip, JPEG as most carts store it; so it says that it is lossy, and how much."""
    frames = echo.clip()
    coded = [imagecodecs.jpeg8_encode(frame, level=72, subsampling="422") for frame in frames]
    ds = base(US_STUDY, UltrasoundMultiFrameImageStorage, "US", 1, 1, "A4C colour", "Phantom US", JPEGBaseline8Bit)
    ds.ImageType = ["ORIGINAL", "PRIMARY", "TTE", "0011"]
    ds.AcquisitionDateTime = US_STUDY.date + US_STUDY.time
    ds.PatientOrientation, ds.BodyPartExamined = "", "HEART"
    ds.TransducerType, ds.HeartRate = "SECTOR_PHASED", 75
    ds.StageNumber = ds.NumberOfStages = ds.ViewNumber = ds.NumberOfViewsInStage = 1
    ds.ViewName = "A4C"
    ds.AnatomicRegionSequence = sequence(code("80891009", "SCT", "Heart"))
    ds.NumberOfFrames, ds.FrameTime = len(frames), str(echo.FRAME_MS)
    ds.FrameIncrementPointer = 0x00181063
    ds.CineRate = ds.RecommendedDisplayFrameRate = 1000 // echo.FRAME_MS
    ds.StartTrim, ds.StopTrim = 1, len(frames)
    ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "YBR_FULL_422", 0
    ds.Rows, ds.Columns = frames[0].shape[:2]
    ds.BitsAllocated, ds.BitsStored, ds.HighBit, ds.PixelRepresentation = 8, 8, 7, 0
    ds.UltrasoundColorDataPresent, ds.BurnedInAnnotation = 1, "NO"
    ds.LossyImageCompression, ds.LossyImageCompressionMethod = "01", "ISO_10918_1"
    ds.LossyImageCompressionRatio = f"{sum(frame.nbytes for frame in frames) / sum(map(len, coded)):.1f}"
    ds.SequenceOfUltrasoundRegions = sequence(_region(1, 1, (44, 22, 596, 464), 0), _region(1, 2, (272, 196, 480, 424), 1))
    compressed(ds, coded)
    return ds
