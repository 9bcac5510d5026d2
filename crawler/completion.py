"""Scripts by which shells complete the command line: commands, their first words, their options. Pure text."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Option:
    names: tuple[str, ...]
    """With their dashes, the short one first."""
    told: str
    choices: tuple[str, ...] = ()
    """Its values, where it takes no other."""


@dataclass(frozen=True, slots=True)
class Completed:
    """A command as a shell is to know it."""

    name: str
    told: str
    actions: tuple[str, ...]
    """What its first argument may be; empty where that is anything, as a file."""
    options: tuple[Option, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(name for option in self.options for name in option.names)


def bash_script(program: str, commands: Sequence[Completed]) -> str:
    """For `~/.bashrc`: eval "$(triptych completion bash)"."""
    return "\n".join(
        [
            f"_{program}() {{",
            '  local current="${COMP_WORDS[COMP_CWORD]}" previous="${COMP_WORDS[COMP_CWORD-1]}"',
            "  COMPREPLY=()",
            '  if [ "$COMP_CWORD" -eq 1 ]; then',
            f'    COMPREPLY=($(compgen -W "{" ".join(each.name for each in commands)}" -- "$current")); return',
            "  fi",
            '  case "${COMP_WORDS[1]} $previous" in',
            *_bash_choices(commands),
            "  esac",
            '  case "${COMP_WORDS[1]}" in',
            *(_bash_command(each) for each in commands),
            "  esac",
            "}",
            f"complete -o default -F _{program} {program}",
            "",
        ]
    )


def _bash_choices(commands: Sequence[Completed]) -> Iterator[str]:
    for command in commands:
        for option in (each for each in command.options if each.choices):
            patterns = "|".join(f'"{command.name} {name}"' for name in option.names)
            yield f'    {patterns}) COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$current")); return ;;'


def _bash_command(command: Completed) -> str:
    """Options where a dash is typed; elsewhere the command's own words, and then files, which are bash's default."""
    words = " ".join(command.words)
    actions = " ".join(command.actions)
    first = f'[ "$COMP_CWORD" -eq 2 ] && COMPREPLY=($(compgen -W "{actions}" -- "$current"))' if actions else ":"
    return (
        f'    {command.name}) if [[ "$current" == -* ]]; '
        f'then COMPREPLY=($(compgen -W "{words}" -- "$current")); else {first}; fi ;;'
    )


def zsh_script(program: str, commands: Sequence[Completed]) -> str:
    """For `~/.zshrc`, behind compinit: eval "$(triptych completion zsh)"."""
    return "\n".join(
        [
            f"#compdef {program}",
            f"_{program}() {{",
            "  if (( CURRENT == 2 )); then",
            "    local -a commands=(",
            *(f"      {_quoted(f'{each.name}:{each.told}')}" for each in commands),
            "    )",
            "    _describe command commands; return",
            "  fi",
            "  case $words[2] in",
            *(line for each in commands for line in _zsh_command(each)),
            "  esac",
            "}",
            f"compdef _{program} {program}",
            "",
        ]
    )


def _zsh_command(command: Completed) -> Iterator[str]:
    yield f"    {command.name})"
    yield "      _arguments -S \\"
    for option in command.options:
        told = option.told.replace("[", "(").replace("]", ")").replace(":", ";")
        value = f":value:({' '.join(option.choices)})" if option.choices else ""
        yield from (f"        {_quoted(f'*{name}[{told}]{value}')} \\" for name in option.names)
    yield f"        {_quoted('2:action:(' + ' '.join(command.actions) + ')')} \\" if command.actions else "        \\"
    yield "        '*:file:_files' ;;"


def fish_script(program: str, commands: Sequence[Completed]) -> str:
    """For `~/.config/fish/config.fish`: triptych completion fish | source."""
    return "\n".join([*_fish_commands(program, commands), *_fish_options(program, commands), ""])


def _fish_commands(program: str, commands: Sequence[Completed]) -> Iterator[str]:
    for command in commands:
        yield (
            f"complete -c {program} -f -n __fish_use_subcommand -a {_quoted(command.name)} -d {_quoted(command.told)}"
        )
        if command.actions:
            words = _quoted(" ".join(command.actions))
            yield f"complete -c {program} -f -n '__fish_seen_subcommand_from {command.name}' -a {words}"


def _fish_options(program: str, commands: Sequence[Completed]) -> Iterator[str]:
    for command in commands:
        for option in command.options:
            names = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
            values = f" -x -a {_quoted(' '.join(option.choices))}" if option.choices else ""
            seen = f"'__fish_seen_subcommand_from {command.name}'"
            yield f"complete -c {program} -n {seen} {names}{values} -d {_quoted(option.told)}"


def _quoted(text: str) -> str:
    """As one word of a POSIX shell; fish and zsh take it as well."""
    return "'" + text.replace("'", "'\\''") + "'"


SCRIPTS: dict[str, Callable[[str, Sequence[Completed]], str]] = {
    "bash": bash_script,
    "zsh": zsh_script,
    "fish": fish_script,
}
