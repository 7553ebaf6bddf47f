"""The parts of an Excel workbook."""
