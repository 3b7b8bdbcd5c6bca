"""What tests with TeX share."""

from __future__ import annotations

import shutil

import pytest

needs_tex = pytest.mark.skipif(shutil.which("xelatex") is None, reason="xelatex is not installed")
needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler-utils is not installed")
