"""A planning CT made by formula, with a segmentation, contours, a plan, a dose, a presentation state and key images over it."""

from pathlib import Path

import numpy as np
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.uid import ExplicitVRLittleEndian, generate_uid

CLASS = "1.2.840.10008.5.1.4.1.1."
SLICES, ROWS, COLUMNS = 20, 64, 80
SPACING, STEP = 3.0, 3.0
ORIGIN = (-120.0, -96.0, -30.0)
BALL, RADIUS = (20.0, -10.0, 0.0), 25.0
STUDY, SERIES, FRAME, PLAN = (generate_uid() for _ in range(4))
CT_UIDS = [generate_uid() for _ in range(SLICES)]
DOSE_ORIGIN, DOSE_SHAPE, DOSE_SPACING = (-100.0, -100.0, -46.0), (24, 50, 60), 4.0


def middles(origin, shape, steps):
    """x, y, z of pixel middles, indexed [slice, row, column]."""
    ranges = [origin[axis] + np.arange(shape[2 - axis]) * steps[axis] for axis in (2, 1, 0)]
    z, y, x = np.meshgrid(*ranges, indexing="ij")
    return x, y, z


def ball_mask():
    x, y, z = middles(ORIGIN, (SLICES, ROWS, COLUMNS), (SPACING, SPACING, STEP))
    return (x - BALL[0]) ** 2 + (y - BALL[1]) ** 2 + (z - BALL[2]) ** 2 < RADIUS**2


def dose_gy():
    x, y, z = middles(DOSE_ORIGIN, DOSE_SHAPE, (DOSE_SPACING,) * 3)
    return np.rint(64000 * np.exp(-((x - 20) ** 2 + (y + 10) ** 2 + z**2) / 45**2)) / 1000


def base(sop_class, number, modality, uid=None, series=None) -> Dataset:
    made = Dataset()
    made.file_meta = FileMetaDataset()
    made.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    made.SOPClassUID = made.file_meta.MediaStorageSOPClassUID = CLASS + sop_class
    made.SOPInstanceUID = made.file_meta.MediaStorageSOPInstanceUID = uid or generate_uid()
    made.PatientName, made.PatientID, made.PatientBirthDate, made.PatientSex = "PHANTOM^OVER", "P1", "19600101", "O"
    made.StudyInstanceUID, made.StudyDate, made.StudyTime = STUDY, "20260101", "120000"
    made.SeriesInstanceUID, made.SeriesNumber, made.Modality, made.InstanceNumber = series or generate_uid(), number, modality, 1
    made.FrameOfReferenceUID, made.ContentDate = FRAME, "20260102"
    return made


def grey(made, stored, *, signed=False) -> Dataset:
    bits = stored.dtype.itemsize * 8
    made.Rows, made.Columns = stored.shape[-2:]
    made.BitsAllocated = made.BitsStored = bits
    made.HighBit, made.PixelRepresentation, made.SamplesPerPixel = bits - 1, int(signed), 1
    made.PhotometricInterpretation, made.PixelData = "MONOCHROME2", stored.tobytes()
    return made


def item(**values) -> Dataset:
    made = Dataset()
    for name, value in values.items():
        setattr(made, name, Sequence(value) if name.endswith("Sequence") else value)
    return made


def ct(number: int) -> Dataset:
    made = base("2", 1, "CT", CT_UIDS[number], SERIES)
    made.InstanceNumber, made.ImageType = number + 1, ["ORIGINAL", "PRIMARY", "AXIAL"]
    made.ImagePositionPatient = [ORIGIN[0], ORIGIN[1], ORIGIN[2] + number * STEP]
    made.ImageOrientationPatient, made.PixelSpacing, made.SliceThickness = [1, 0, 0, 0, 1, 0], [SPACING, SPACING], STEP
    made.RescaleIntercept, made.RescaleSlope, made.WindowCenter, made.WindowWidth = 0, 1, 40, 400
    return grey(made, np.where(ball_mask()[number], 80, -20).astype("<i2"), signed=True)


def segmentation(kind="BINARY", *, with_places=True) -> Dataset:
    mask = ball_mask()
    made = base("66.7" if kind == "LABELMAP" else "66.4", 100, "SEG")
    made.SeriesDescription, made.SegmentationType, made.ContentCreatorName = "Organ masks", kind, "Segmenter^Sam"
    made.SegmentSequence = Sequence([item(SegmentNumber=7, SegmentLabel="Tumour", RecommendedDisplayCIELabValue=[45000, 50000, 40000])])
    measures = item(PixelSpacing=[SPACING, SPACING], SliceThickness=STEP, SpacingBetweenSlices=STEP)
    orientation = item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])
    made.SharedFunctionalGroupsSequence = Sequence(
        [item(PixelMeasuresSequence=[measures], PlaneOrientationSequence=[orientation])] if with_places else [Dataset()]
    )
    frames, planes = [], []
    for number in np.flatnonzero(mask.any(axis=(1, 2))):
        source = item(ReferencedSOPClassUID=CLASS + "2", ReferencedSOPInstanceUID=CT_UIDS[number])
        frame = item(DerivationImageSequence=[item(SourceImageSequence=[source])])
        if with_places:
            frame.PlanePositionSequence = Sequence([item(ImagePositionPatient=[ORIGIN[0], ORIGIN[1], ORIGIN[2] + int(number) * STEP])])
        if kind != "LABELMAP":
            frame.SegmentIdentificationSequence = Sequence([item(ReferencedSegmentNumber=7)])
        frames.append(frame)
        planes.append(mask[number])
    made.PerFrameFunctionalGroupsSequence, made.NumberOfFrames = Sequence(frames), len(planes)
    if not with_places:
        del made.FrameOfReferenceUID
    stored = np.array(planes)
    if kind == "FRACTIONAL":
        made.SegmentationFractionalType, made.MaximumFractionalValue = "PROBABILITY", 200
    grey(made, (stored * {"FRACTIONAL": 100, "LABELMAP": 7}.get(kind, 1)).astype(np.uint8))
    if kind == "BINARY":
        made.BitsAllocated = made.BitsStored = 1
        made.HighBit = 0
        made.PixelData = np.packbits(stored.ravel(), bitorder="little").tobytes()
        made.PixelData += b"\0" * (len(made.PixelData) % 2)
    return made


def circle(radius: float, z: float, points: int = 120) -> list[tuple[float, float, float]]:
    turns = np.linspace(0, 2 * np.pi, points, endpoint=False)
    return [(BALL[0] + radius * np.cos(turn), BALL[1] + radius * np.sin(turn), z) for turn in turns]


def structures() -> Dataset:
    made = base("481.3", 101, "RTSTRUCT")
    made.StructureSetLabel, made.StructureSetDate = "Plan A", "20260103"
    balls = []
    for number in range(SLICES):
        z = ORIGIN[2] + number * STEP
        if abs(z) < RADIUS:
            balls.append(("CLOSED_PLANAR", circle((RADIUS**2 - z * z) ** 0.5, z)))
    regions = [("PTV", [255, 0, 0], "PTV", balls), ("Isocentre", [255, 255, 0], "ISOCENTER", [("POINT", [(20.0, -10.0, 0.0)])])]
    made.StructureSetROISequence, made.ROIContourSequence, made.RTROIObservationsSequence = Sequence(), Sequence(), Sequence()
    for number, (name, colour, kind, contours) in enumerate(regions, 1):
        made.StructureSetROISequence.append(item(ROINumber=number, ReferencedFrameOfReferenceUID=FRAME, ROIName=name))
        drawn = [
            item(ContourGeometricType=form, NumberOfContourPoints=len(points), ContourData=[f"{v:.3f}" for p in points for v in p])
            for form, points in contours
        ]
        made.ROIContourSequence.append(item(ROIDisplayColor=colour, ReferencedROINumber=number, ContourSequence=drawn))
        made.RTROIObservationsSequence.append(item(ObservationNumber=number, ReferencedROINumber=number, RTROIInterpretedType=kind))
    return made


def plan() -> Dataset:
    made = base("481.5", 102, "RTPLAN", uid=PLAN)
    made.RTPlanLabel = "Plan A"
    made.DoseReferenceSequence = Sequence([item(DoseReferenceNumber=1, DoseReferenceType="TARGET", TargetPrescriptionDose="60")])
    return made


def dose() -> Dataset:
    made = base("481.2", 103, "RTDOSE")
    made.DoseUnits, made.DoseType, made.DoseSummationType, made.DoseGridScaling = "GY", "PHYSICAL", "PLAN", "0.001"
    made.ReferencedRTPlanSequence = Sequence([item(ReferencedSOPClassUID=CLASS + "481.5", ReferencedSOPInstanceUID=PLAN)])
    made.ImagePositionPatient, made.ImageOrientationPatient = list(DOSE_ORIGIN), [1, 0, 0, 0, 1, 0]
    made.PixelSpacing, made.NumberOfFrames, made.FrameIncrementPointer = [DOSE_SPACING] * 2, DOSE_SHAPE[0], 0x3004000C
    made.GridFrameOffsetVector = [str(number * DOSE_SPACING) for number in range(DOSE_SHAPE[0])]
    return grey(made, np.rint(dose_gy() * 1000).astype("<u4"))


def parametric_map() -> Dataset:
    made = base("30", 106, "OT")
    made.SeriesDescription = "ADC map"
    made.Rows, made.Columns, made.NumberOfFrames, made.SamplesPerPixel, made.BitsAllocated = ROWS, COLUMNS, SLICES, 1, 32
    made.PhotometricInterpretation = "MONOCHROME2"
    made.SharedFunctionalGroupsSequence = Sequence(
        [
            item(
                PixelMeasuresSequence=[item(PixelSpacing=[SPACING, SPACING], SliceThickness=STEP)],
                PlaneOrientationSequence=[item(ImageOrientationPatient=[1, 0, 0, 0, 1, 0])],
                RealWorldValueMappingSequence=[
                    item(
                        LUTExplanation="ADC", LUTLabel="ADC", RealWorldValueIntercept=0.0, RealWorldValueSlope=2.0,
                        DoubleFloatRealWorldValueFirstValueMapped=-1e9, DoubleFloatRealWorldValueLastValueMapped=1e9,
                        MeasurementUnitsCodeSequence=[item(CodeValue="mm2/s", CodingSchemeDesignator="UCUM", CodeMeaning="mm2/s")],
                    )
                ],
            )
        ]
    )  # fmt: skip
    made.PerFrameFunctionalGroupsSequence = Sequence(
        item(PlanePositionSequence=[item(ImagePositionPatient=[ORIGIN[0], ORIGIN[1], ORIGIN[2] + number * STEP])])
        for number in range(SLICES)
    )
    made.FloatPixelData = middles(ORIGIN, (SLICES, ROWS, COLUMNS), (SPACING, SPACING, STEP))[0].astype("<f4").tobytes()
    return made


def presentation() -> Dataset:
    made = base("11.1", 104, "PR")
    made.ContentLabel, made.ContentDescription, made.ContentCreatorName = "FINDING", "Mass", "Reader^Rita"
    made.PresentationCreationDate, made.PresentationCreationTime = "20260104", "120000"
    images = [item(ReferencedSOPClassUID=CLASS + "2", ReferencedSOPInstanceUID=CT_UIDS[number]) for number in (9, 10, 11)]
    made.ReferencedSeriesSequence = Sequence([item(SeriesInstanceUID=SERIES, ReferencedImageSequence=images)])
    made.SoftcopyVOILUTSequence = Sequence([item(WindowCenter="60", WindowWidth="150")])
    made.RescaleIntercept, made.RescaleSlope, made.RescaleType, made.PresentationLUTShape = "0", "1", "HU", "IDENTITY"
    made.DisplayedAreaSelectionSequence = Sequence(
        [
            item(
                DisplayedAreaTopLeftHandCorner=[30, 15], DisplayedAreaBottomRightHandCorner=[65, 45],
                PresentationSizeMode="SCALE TO FIT", PresentationPixelSpacing=[SPACING, SPACING],
            )
        ]
    )  # fmt: skip
    made.GraphicLayerSequence = Sequence([item(GraphicLayer="L1", GraphicLayerOrder=1)])
    text = item(UnformattedTextValue="MASS", AnchorPoint=[54.0, 25.0], AnchorPointAnnotationUnits="PIXEL", AnchorPointVisibility="Y")
    made.GraphicAnnotationSequence = Sequence([item(GraphicLayer="L1", TextObjectSequence=[text])])
    return made


def key_images() -> Dataset:
    made = base("88.59", 105, "KO")
    made.ValueType, made.ContinuityOfContent = "CONTAINER", "SEPARATE"
    made.ConceptNameCodeSequence = Sequence([item(CodeValue="113000", CodingSchemeDesignator="DCM", CodeMeaning="Of Interest")])
    made.ContentSequence = Sequence(
        item(
            RelationshipType="CONTAINS",
            ValueType="IMAGE",
            ReferencedSOPSequence=[item(ReferencedSOPClassUID=CLASS + "2", ReferencedSOPInstanceUID=CT_UIDS[number])],
        )
        for number in (3, 12)
    )
    return made


def write_all(folder: Path) -> Path:
    """Everything, as one folder."""
    for number in range(SLICES):
        ct(number).save_as(folder / f"CT{number:02}.dcm", enforce_file_format=True)
    for name in ("segmentation", "structures", "plan", "dose", "presentation", "key_images", "parametric_map"):
        globals()[name]().save_as(folder / f"{name}.dcm", enforce_file_format=True)
    return folder


PET_UIDS = [generate_uid() for _ in range(SLICES)]


def pet(number: int) -> Dataset:
    """Twice as coarse as the CT, in the same patient space."""
    made = base("128", 2, "PT", PET_UIDS[number], f"{SERIES[:50]}.2")
    made.InstanceNumber, made.SeriesDescription = number + 1, "PET"
    made.ImagePositionPatient = [ORIGIN[0] + SPACING / 2, ORIGIN[1] + SPACING / 2, ORIGIN[2] + number * STEP]
    made.ImageOrientationPatient, made.PixelSpacing, made.SliceThickness = [1, 0, 0, 0, 1, 0], [2 * SPACING] * 2, STEP
    made.RescaleIntercept, made.RescaleSlope, made.WindowCenter, made.WindowWidth = 0, 1, 500, 1000
    return grey(made, (ball_mask()[number, ::2, ::2] * 900).astype("<u2"))


def blending() -> Dataset:
    """The PET over the CT in red, half opaque."""
    made = base("11.4", 107, "PR")
    made.ContentLabel, made.ContentDescription, made.PresentationCreationDate, made.PresentationCreationTime = (
        "FUSED",
        "",
        "20260105",
        "120000",
    )
    inputs = []
    for position, sop_class, uids, series, center, width in (
        ("UNDERLYING", "2", CT_UIDS, SERIES, 40, 400),
        ("SUPERIMPOSED", "128", PET_UIDS, f"{SERIES[:50]}.2", 500, 1000),
    ):
        images = [item(ReferencedSOPClassUID=CLASS + sop_class, ReferencedSOPInstanceUID=uid) for uid in uids]
        inputs.append(
            item(
                BlendingPosition=position, StudyInstanceUID=STUDY, RescaleIntercept="0", RescaleSlope="1", RescaleType="US",
                ReferencedSeriesSequence=[item(SeriesInstanceUID=series, ReferencedImageSequence=images)],
                SoftcopyVOILUTSequence=[item(WindowCenter=str(center), WindowWidth=str(width))],
            )
        )  # fmt: skip
    made.BlendingSequence, made.RelativeOpacity = Sequence(inputs), 0.5
    ramp = (np.arange(256) * 257).astype("<u2")
    for name, values in (("Red", ramp), ("Green", ramp * 0), ("Blue", ramp * 0)):
        setattr(made, f"{name}PaletteColorLookupTableDescriptor", [256, 0, 16])
        setattr(made, f"{name}PaletteColorLookupTableData", values.astype("<u2").tobytes())
    return made


def fiducials() -> Dataset:
    """A point in the patient, and one on the fifth slice."""
    made = base("66.2", 108, "FID")
    made.ContentLabel, made.ContentDescription = "MARKERS", "skin"
    graphic = item(GraphicData=[10.5, 20.5])
    graphic.ReferencedImageSequence = Sequence([item(ReferencedSOPClassUID=CLASS + "2", ReferencedSOPInstanceUID=CT_UIDS[4])])
    marks = [
        item(FiducialDescription="nasion", FiducialIdentifier="1", ShapeType="POINT", ContourData=["20", "-10", "6"]),
        item(FiducialDescription="tragus", FiducialIdentifier="2", ShapeType="POINT", GraphicCoordinatesDataSequence=[graphic]),
    ]
    made.FiducialSetSequence = Sequence([item(FrameOfReferenceUID=FRAME, FiducialSequence=marks)])
    return made


def surface() -> Dataset:
    """The ball as a mesh of 40 rings of 60 points."""
    made = base("66.5", 109, "SEG")
    made.ContentLabel, made.ContentDescription = "MESH", "ball"
    rings, around = 40, 60
    polar = np.linspace(0, np.pi, rings)[:, None]
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)[None, :]
    shape = np.stack(np.broadcast_arrays(np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn), np.cos(polar)), axis=-1)
    points = (shape * RADIUS + BALL).reshape(-1, 3).astype("<f4")
    triangles = []
    for ring in range(rings - 1):
        for step in range(around):
            a, b = ring * around + step, ring * around + (step + 1) % around
            triangles += [(a, b, a + around), (b, b + around, a + around)]
    coordinates, primitives = Dataset(), Dataset()
    coordinates.NumberOfSurfacePoints, coordinates.PointCoordinatesData = len(points), points.tobytes()
    primitives.LongTrianglePointIndexList = (np.array(triangles, "<u4") + 1).tobytes()
    mesh = item(SurfaceNumber=3, RecommendedDisplayCIELabValue=[45000, 50000, 40000])
    mesh.SurfacePointsSequence, mesh.SurfaceMeshPrimitivesSequence = Sequence([coordinates]), Sequence([primitives])
    made.SurfaceSequence = Sequence([mesh])
    made.SegmentSequence = Sequence(
        [item(SegmentNumber=1, SegmentLabel="Ball", ReferencedSurfaceSequence=[item(ReferencedSurfaceNumber=3)])]
    )
    return made
