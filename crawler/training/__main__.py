"""python -m crawler.training {bodies,kinds,links} DATA [--output FILE] [--check] [--folds N]"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from crawler.training.bodies import predict_bodies_left_out, train_bodies
from crawler.training.kinds import predict_kinds_left_out, train_kinds
from crawler.training.links import predict_left_out, train_links

EXTRACTORS = Path(__file__).parents[1] / "extractors"


class Part(NamedTuple):
    """A learned part of the extractor."""

    folder: str
    """Of its labelled pages in the data."""
    shipped: Path
    train: Callable[[Path], str]
    predict: Callable[[Path, int], Iterator[dict[str, Any]]]


PARTS = {
    "links": Part(
        "lists",
        EXTRACTORS / "lists" / "link_model.json",
        train_links,
        lambda data, folds: predict_left_out(data, folds=folds),
    ),
    "bodies": Part(
        "bodies",
        EXTRACTORS / "body" / "body_model.json",
        train_bodies,
        lambda data, folds: predict_bodies_left_out(data, folds=folds),
    ),
    "kinds": Part(
        "kinds",
        EXTRACTORS / "kinds" / "kind_model.json",
        train_kinds,
        lambda data, folds: predict_kinds_left_out(data, folds=folds),
    ),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the model was written, or is the shipped one; 1 when --check finds another."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.training",
        description="Make a learned model from labelled pages: link lists from DATA/lists, bodies from DATA/bodies, "
        "kinds of pages from all of DATA.",
        epilog="example: python -m crawler.training links ../data --folds 10 --output predictions.jsonl",
    )
    parser.add_argument("part", choices=sorted(PARTS), help="the model to make")
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder that holds bodies/, kinds/ and lists/")
    parser.add_argument("--output", type=Path, help="write here instead of over the shipped model")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the shipped model is another")
    parser.add_argument("--folds", type=int, help="make no model; write what models find on pages they have not seen")
    options = parser.parse_args(arguments)
    part = PARTS[options.part]
    if not (options.data / part.folder / "gold.jsonl").is_file():
        parser.error(f"no {part.folder}/gold.jsonl in {options.data}; name the folder that holds {part.folder}/")
    if options.folds:
        return _cross_validate(part.predict(options.data, options.folds), options.output)
    text = part.train(options.data)
    if options.check:
        same = part.shipped.read_text(encoding="utf-8") == text
        print(
            "the shipped model is what the data makes" if same else "the data makes another model than the shipped one"
        )
        return int(not same)
    target = options.output or part.shipped
    target.write_text(text, encoding="utf-8")
    print(f"{len(text):,} bytes written to {target}")
    return 0


def _cross_validate(predictions: Iterator[dict[str, Any]], output: Path | None) -> int:
    lines = [json.dumps(found, ensure_ascii=False) + "\n" for found in predictions]
    if output is None:
        sys.stdout.writelines(lines)
    else:
        output.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
