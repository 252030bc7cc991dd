"""CT, scout and radiograph as DICOM objects."""

import imagecodecs
import numpy as np
from pydicom.dataset import Dataset
from pydicom.uid import CTImageStorage, DigitalXRayImageStorageForPresentation, JPEG2000Lossless, JPEGLosslessSV1, JPEGLSLossless

from . import scanner
from .records import CT_STUDY, DX_STUDY, base, code, compressed, grey, sequence, uid, windows
from .scanner import Stored


def ct(number: int, z: float, pixels: Stored) -> Dataset:
    """One axial slice; `number` counts from 1."""
    ds = base(CT_STUDY, CTImageStorage, "CT", 2, number, "Thorax 5.0 B31f C+", "Phantom CT", JPEGLSLossless)
    _ct_common(ds, number, z, "AXIAL")
    ds.ImagePositionPatient = [f"{value:.6g}" for value in scanner.dicom_position(z)]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 1, 0]
    ds.PixelSpacing = [scanner.CT_PIXEL_MM, scanner.CT_PIXEL_MM]
    ds.SliceThickness, ds.SpacingBetweenSlices, ds.SliceLocation = "5", "5", f"{z:g}"
    ds.ConvolutionKernel, ds.ReconstructionDiameter, ds.DataCollectionDiameter = "B31f", "400", "500"
    ds.ContrastBolusAgent, ds.ContrastBolusRoute, ds.ContrastBolusVolume = "Iodinated contrast (simulated)", "IV", "80"
    ds.KVP, ds.XRayTubeCurrent, ds.ExposureTime, ds.Exposure, ds.FilterType = "120", "180", "500", "90", "BODY"
    ds.RescaleType = "HU"
    grey(ds, pixels, 12)
    windows(ds, (40, 400, "MEDIASTINUM"), (-600, 1500, "LUNG"))
    compressed(ds, [imagecodecs.jpegls_encode(pixels)])
    return ds


def scout(pixels: Stored) -> Dataset:
    """The planning view, from the front."""
    ds = base(CT_STUDY, CTImageStorage, "CT", 1, 1, "Topogram 0.6 T20f", "Phantom CT", JPEG2000Lossless)
    _ct_common(ds, 1, scanner.SCOUT_TOP_MM, "LOCALIZER")
    step = scanner.SCOUT_PIXEL_MM
    ds.ImagePositionPatient = [f"{-(scanner.SCOUT_COLUMNS - 1) / 2 * step:.8g}", "0", f"{scanner.SCOUT_TOP_MM - step / 2:.8g}"]
    ds.ImageOrientationPatient = [1, 0, 0, 0, 0, -1]
    ds.PixelSpacing = [step, step]
    ds.SliceThickness = "0.6"
    ds.ConvolutionKernel, ds.KVP, ds.XRayTubeCurrent, ds.ExposureTime = "T20f", "120", "35", "4800"
    grey(ds, pixels, 12)
    low, high = np.percentile(pixels, (2, 99.5))
    windows(ds, (round((low + high) / 2) - 1024, round(high - low), "TOPOGRAM"))
    compressed(ds, [imagecodecs.jpeg2k_encode(pixels, codecformat="j2k", reversible=True, level=0, bitspersample=12)])
    return ds


def _ct_common(ds: Dataset, number: int, z: float, kind: str) -> None:
    ds.ImageType = ["ORIGINAL", "PRIMARY", kind]
    ds.AcquisitionNumber = 1 if kind == "LOCALIZER" else 2
    ds.AcquisitionDate, ds.AcquisitionTime = ds.StudyDate, f"{int(ds.StudyTime) + number // 8:06d}"
    ds.BodyPartExamined, ds.PatientPosition, ds.ProtocolName = "CHEST", "HFS", "Thorax C+"
    ds.FrameOfReferenceUID, ds.PositionReferenceIndicator = uid("ct/frame"), "SN"
    ds.RescaleIntercept, ds.RescaleSlope = "-1024", "1"
    ds.LossyImageCompression = "00"


def radiograph(pixels: Stored) -> Dataset:
    """Chest PA for presentation, MONOCHROME1: the first column is the patient's right, as it is hung."""
    ds = base(DX_STUDY, DigitalXRayImageStorageForPresentation, "DX", 1, 1, "Chest PA", "Phantom DX", JPEGLosslessSV1)
    ds.ImageType = ["ORIGINAL", "PRIMARY", ""]
    ds.AcquisitionDate, ds.AcquisitionTime = ds.StudyDate, ds.StudyTime
    ds.BodyPartExamined, ds.ViewPosition, ds.PatientOrientation = "CHEST", "PA", ["L", "F"]
    ds.PresentationIntentType = "FOR PRESENTATION"
    ds.ImageLaterality = "U"
    ds.AnatomicRegionSequence = sequence(code("51185008", "SCT", "Thorax"))
    view = code("399348003", "SCT", "postero-anterior")
    view.ViewModifierCodeSequence = sequence()
    ds.ViewCodeSequence = sequence(view)
    ds.ImagerPixelSpacing = [scanner.DX_PIXEL_MM, scanner.DX_PIXEL_MM]
    ds.DetectorType, ds.DetectorID, ds.PositionerType = "DIRECT", "0", "NONE"
    ds.KVP, ds.Exposure, ds.ExposureTime, ds.XRayTubeCurrent, ds.DistanceSourceToDetector = "120", "3", "10", "300", "1800"
    ds.Grid, ds.PlanarConfiguration = "", 0
    del ds.PlanarConfiguration
    ds.PixelIntensityRelationship, ds.PixelIntensityRelationshipSign = "LOG", 1
    ds.RescaleIntercept, ds.RescaleSlope, ds.RescaleType = "0", "1", "US"
    ds.PresentationLUTShape, ds.LossyImageCompression = "INVERSE", "00"
    ds.AcquisitionContextSequence = sequence()
    grey(ds, pixels, 12, "MONOCHROME1")
    low, high = np.percentile(pixels[60:-60, 60:-60], (0.5, 97))
    windows(ds, (round((low + high) / 2), round(high - low), "NORMAL"), (round((low + high) / 2), round(0.72 * (high - low)), "HARD"))
    ds.WindowCenter, ds.WindowWidth = list(ds.WindowCenter), list(ds.WindowWidth)
    compressed(ds, [imagecodecs.ljpeg_encode(pixels, bitspersample=12)])
    return ds
