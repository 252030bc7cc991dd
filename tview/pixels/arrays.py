"""What an array is called here. Pixel arrays are indexed [row, column] or [row, column, sample]."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[Any]
Real = NDArray[np.floating[Any]]
