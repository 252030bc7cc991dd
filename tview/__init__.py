"""Open a DICOM disc, image, archive or folder in the terminal."""

__version__ = "0.1.0"
