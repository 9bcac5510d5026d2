"""python -m crawler.training links DATA [--output FILE] [--check] [--folds N]"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from crawler.training.links import predict_left_out, train_links

SHIPPED = Path(__file__).parents[1] / "extractors" / "link_model.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """0 when the model was written, or is the shipped one; 1 when --check finds another."""
    parser = argparse.ArgumentParser(
        prog="python -m crawler.training",
        description="Make the learned model of link lists from the labelled pages in DATA/lists.",
        epilog="example: python -m crawler.training links ../data --folds 10 --output predictions.jsonl",
    )
    parser.add_argument("part", choices=["links"], help="the model to make")
    parser.add_argument("data", type=Path, metavar="DATA", help="the folder that holds lists/")
    parser.add_argument("--output", type=Path, help="write here instead of over the shipped model")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the shipped model is another")
    parser.add_argument("--folds", type=int, help="make no model; write what models find on pages they have not seen")
    options = parser.parse_args(arguments)
    if not (options.data / "lists" / "gold.jsonl").is_file():
        parser.error(f"no lists/gold.jsonl in {options.data}; name the folder that holds lists/")
    if options.folds:
        return _cross_validate(options.data, options.folds, options.output)
    text = train_links(options.data)
    if options.check:
        same = SHIPPED.read_text(encoding="utf-8") == text
        print(
            "the shipped model is what the data makes" if same else "the data makes another model than the shipped one"
        )
        return int(not same)
    target = options.output or SHIPPED
    target.write_text(text, encoding="utf-8")
    print(f"{len(text):,} bytes written to {target}")
    return 0


def _cross_validate(data: Path, folds: int, output: Path | None) -> int:
    lines = [json.dumps(found, ensure_ascii=False) + "\n" for found in predict_left_out(data, folds=folds)]
    if output is None:
        sys.stdout.writelines(lines)
    else:
        output.write_text("".join(lines), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
