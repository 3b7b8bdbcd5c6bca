"""Exponential and logarithm in the integers modulo a prime power."""

from __future__ import annotations


def doubling(prime: int, precision: int) -> list[int]:
    """The moduli for Newton's iteration: each power of p at most the square of the one before, up to p^precision."""
    powers = [precision]
    while powers[-1] > 2:
        powers.append((powers[-1] + 1) // 2)
    return [prime**n for n in reversed(powers)]


class Series:
    """E(t) = exp(p t), which turns sums into products, and L(u) = log(u^(p-1))/(p (p-1)), which turns them back.

    Both converge for every t and every unit u; L(E(t)) = t. (Koblitz, p-adic Numbers, IV.1.)
    """

    def __init__(self, prime: int, precision: int) -> None:
        self._prime = prime
        self._modulus = prime**precision
        # Horner's scheme: what is multiplied by p^n need be known modulo p^(N-n) only.
        factorial, rows = 1, []
        for n in range(precision):
            factorial *= max(n, 1)
            modulus = prime ** (precision - n)
            rows.append((pow(factorial, -1, modulus), modulus))
        self._exp_rows = rows[::-1]
        self._log_rows = [(pow(n, -1, self._modulus), prime ** (precision - n)) for n in range(precision - 1, 0, -1)]
        self._scale: int = pow(prime - 1, -1, self._modulus)
        self._known: dict[int, int] = {}

    def exp(self, t: int) -> int:
        """exp(p t)."""
        t %= self._modulus
        found = self._known.get(t)
        if found is None:
            found = 0
            for coefficient, modulus in self._exp_rows:
                found = (coefficient + self._prime * t * found) % modulus
            if len(self._known) > 1000:
                self._known.clear()
            self._known[t] = found
        return found

    def log(self, u: int) -> int:
        """log(u^(p-1))/(p (p-1)) for a unit u; known modulo p^(N-1)."""
        z = (pow(u, self._prime - 1, self._modulus) - 1) // self._prime
        # log(1 + p z)/p = z (1 - p z (1/2 - p z (1/3 - ...)))
        found = 0
        for coefficient, modulus in self._log_rows:
            found = (coefficient - self._prime * z * found) % modulus
        result: int = z * found * self._scale % self._modulus
        return result
