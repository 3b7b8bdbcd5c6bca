"""Documents made by hand, in three languages: what composition hands to rendering, without any mathematics done."""

from __future__ import annotations

from docgen.handouts.document import (
    Answer,
    Block,
    Display,
    Document,
    Emphasis,
    Fields,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Math,
    Paragraph,
    Problem,
    Reference,
    Row,
    Solution,
    Space,
    Strong,
    Table,
    Text,
)

WORDS = {
    "en": {
        "problem": "Problem 3.1.",
        "solution": "Solution.",
        "answer": "Answer:",
        "title": "Matrix–Vector Differentiation",
        "course": "Optimisation Methods",
        "before": "The map takes a vector to a scalar. By the product rule,",
        "rule": "product rule",
        "long": "a scalar equals its own transpose, therefore the first term may be written like the second one",
        "end": ".",
    },
    "ru": {
        "problem": "Задача 3.1.",
        "solution": "Решение.",
        "answer": "Ответ:",
        "title": "Матрично-векторное дифференцирование",
        "course": "Методы оптимизации",
        "before": "Функция переводит векторы в скаляры. По правилу произведения",
        "rule": "правило произведения",
        "long": "скаляр равен своему транспонированному, поэтому первое слагаемое можно записать как второе",
        "end": ".",
    },
    "zh": {
        "problem": "例 3.1",
        "solution": "解",
        "answer": "答案：",
        "title": "矩阵与向量微分",
        "course": "最优化方法",
        "before": "该函数把向量映为标量。由乘积法则，",
        "rule": "乘积法则",
        "long": "标量等于其自身的转置，因此第一项可以写成第二项的形式，然后两项可以合并为一项",
        "end": "。",
    },
}
LOSS = r"\frac{1}{m} \sum_{i=1}^{m} \log(1 + \exp(-y_{i} \langle w, x_{i} \rangle)) "
LONG = (
    rf"{LOSS}",
    r"+ \frac{\lambda}{2} \|w\|^{2} ",
    rf"- {LOSS}",
    r"+ \langle a, w \rangle ",
    r"+ (X^{T} X + \lambda I)^{-1} X^{T} y + \operatorname{tr}(A X B X^{T})",
)


def words(*pieces: str | Inline) -> Inlines:
    """Inline pieces from strings and pieces."""
    return tuple(Text(piece) if isinstance(piece, str) else piece for piece in pieces)


def sample(language: str = "en", edition: str = "handout", *, name: str = "seminar-03", paper: str = "a4") -> Document:
    """A document with every kind of block; ``edition`` decides what stands below the statement."""
    say = WORDS[language]
    end = say["end"]
    statement = Paragraph(words(Math(r"f(x) = x^{T} A x + \operatorname{tr}(A)"), end))
    chain = Display(
        (
            Row("df", "=", ("d(x^{T}) A x ", "+ x^{T} d(A x)"), words(say["rule"]), ","),
            Row("", "=", (r"(dx)^{T} A x ", r"+ x^{T} A\,dx"), words(say["long"], " ", Math(r"s^{T} = s"))),
            Row("", "=", LONG, words(say["rule"])),
            Row("", "=", (r"x^{T} (A + A^{T})\,dx",), (), end),
        )
    )
    answer = Answer(say["answer"], r"\nabla f(x) = (A + A^{T}) x")
    below: dict[str, tuple[Block, ...]] = {
        "handout": (
            Solution(
                say["solution"],
                (
                    Paragraph(words(say["before"])),
                    chain,
                    Paragraph(words(say["before"])),
                    Display((Row("df", "=", (r"(\nabla f)^{T}\,dx",), (), end),)),
                    answer,
                    Paragraph(words(say["rule"], " ", Math("n"), end)),
                ),
            ),
        ),
        "worksheet": (Space("lines", 5), Space("box", 4), Space("page")),
        "key": (answer,),
    }
    blocks: list[Block] = [Fields((say["rule"], say["answer"]))] if edition == "worksheet" else []
    blocks += [Heading(words(say["rule"]), 1, "1")]
    if edition == "handout":
        blocks += [
            Paragraph(
                words(
                    Strong(words(say["rule"])),
                    " ",
                    Emphasis(words(say["rule"])),
                    " ",
                    Link(words(say["rule"]), "https://example.org/a_b?c=%20#d"),
                    " ",
                    Reference("linear", "3.1"),
                )
            ),
            Listing(
                ((Paragraph(words(say["rule"], " ", Math("d(XY) = (dX) Y + X\\,dY"))),), (Paragraph(words("b")),)), True
            ),
            Table(
                (words(say["rule"]), words(say["answer"])),
                ((words(Math("x")), words(say["long"])), (words(Math("X")), words(say["long"]))),
                "ll",
                words(say["rule"]),
                "table",
                "1",
            ),
        ]
    problem = Problem("linear", say["problem"], words(say["rule"]), (statement,), words("2"))
    return Document(
        name,
        language,
        edition,
        say["title"],
        (*blocks, problem, *below[edition], Paragraph(words(say["before"]), say["solution"])),
        overline=say["course"],
        subtitle="2026",
        head=say["problem"],
        author="N. N.",
        banner=say["rule"] if edition == "key" else "",
        paper=paper,
    )
