"""Room dicom."""
