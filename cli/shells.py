"""Completion in bash, zsh and fish: how each shell asks for completions and receives the answer. The classes are
click's; the scripts never evaluate a word. A script asks by `liggare completion SHELL --answer`, so that no environment
variable alone changes what a command does.
"""

from __future__ import annotations

import os
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from click.shell_completion import (
    BashComplete,
    CompletionItem,
    FishComplete,
    ShellComplete,
    ZshComplete,
    split_arg_string,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

SIGNS = frozenset(":=")  # bash splits words at these characters, and may pass them as words of their own

# The answer is never expanded: it is read line by line into variables, and values are always quoted. bash 3, which
# macOS has, lacks compopt and nosort.
BASH = """\
%(complete_func)s() {
    local IFS=$'\\n' response type value
    response=$(env COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD="$COMP_CWORD" \\
        "${1:-%(prog_name)s}" completion bash --answer 2>/dev/null </dev/null)
    COMPREPLY=()
    while IFS=',' read -r type value; do
        case $type in
            dir) compopt -o dirnames 2>/dev/null ;;
            file) compopt -o default 2>/dev/null ;;
            plain)
                COMPREPLY+=("$value")
                [[ $value == *[:=] ]] && compopt -o nospace 2>/dev/null
                ;;
        esac
    done <<< "$response"
    return 0
}

complete -o nosort -F %(complete_func)s %(prog_name)s 2>/dev/null || complete -F %(complete_func)s %(prog_name)s
"""

ZSH = """\
#compdef %(prog_name)s

%(complete_func)s() {
    local -a response plain open described
    local type key descr
    (( $+commands[%(prog_name)s] )) || return 1
    response=("${(@f)$(env COMP_WORDS="${words[*]}" COMP_CWORD=$((CURRENT-1)) \\
        %(prog_name)s completion zsh --answer 2>/dev/null </dev/null)}")
    for type key descr in "${response[@]}"; do
        case $type in
            dir) _path_files -/ ;;
            file) compset -P '--*='; _path_files -f ;;
            plain)
                if [[ $key == *[:=] ]]; then
                    open+=("$key")
                elif [[ $descr == _ ]]; then
                    plain+=("$key")
                else
                    described+=("$key:$descr")
                fi
                ;;
        esac
    done
    (( $#described )) && _describe -V unsorted described -U
    (( $#plain )) && compadd -U -V unsorted -a plain
    (( $#open )) && compadd -U -V unsorted -S '' -a open
    return 0
}

if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
    %(complete_func)s "$@"
else
    compdef %(complete_func)s %(prog_name)s
fi
"""

FISH = """\
function %(complete_func)s
    set -l response (env COMP_WORDS=(commandline -cp | string collect) COMP_CWORD=(commandline -ct | string collect) \\
        COMP_LINE=(commandline -p | string collect) %(prog_name)s completion fish --answer 2>/dev/null </dev/null)
    for completion in $response
        set -l metadata (string split --max 1 -- "," $completion)
        switch $metadata[1]
            case dir
                __fish_complete_directories $metadata[2]
            case file
                set -l option (string match --regex -- '^--[^=]*=' (commandline -ct))
                __fish_complete_path $metadata[2] | string replace --regex -- '^' "$option"
            case plain
                printf '%%s\\n' $metadata[2]
        end
    end
end

complete --no-files --command %(prog_name)s --arguments "(%(complete_func)s)"
"""


class _Whole(ShellComplete):
    """Completes `--person=p` to the whole word, where click returns the value alone. Reads --ledger from the whole
    command line, because --ledger may come after the word being typed.
    """

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem[str]]:
        if place := _ledger_in(self.line()):
            os.environ["LIGGARE_LEDGER"] = place
        option, equals, _ = incomplete.partition("=")
        found = super().get_completions(args, incomplete)
        if equals and option.startswith("-"):
            for item in found:
                item.value = f"{option}={item.value}" if item.type == "plain" else item.value
        return found

    def line(self) -> list[str]:
        """Returns all words of the command line, including the words after the one being typed."""
        return split_arg_string(os.environ["COMP_WORDS"])


class Bash(_Whole, BashComplete):
    """Joins the words that bash has split at `:` and `=`, and leaves out of a completion the part that bash keeps."""

    source_template = BASH
    _in_place = ""

    def source(self) -> str:
        """Returns the script without checking the version of bash, because the script may be for another computer."""
        return ShellComplete.source(self)

    def get_completion_args(self) -> tuple[list[str], str]:
        words = os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]
        *typed, last = _typed(words)
        self._in_place = last[0]
        return [_meant(word) for _, word in typed[1:]], _meant(last[1])

    def line(self) -> list[str]:
        return [_meant(word) for _, word in _typed(os.environ["COMP_WORDS"].split("\n"))]

    def format_completion(self, item: CompletionItem[Any]) -> str:
        return f"{item.type},{item.value.removeprefix(self._in_place)}"


class Zsh(_Whole, ZshComplete):
    source_template = ZSH


class Fish(_Whole, FishComplete):
    source_template = FISH

    def line(self) -> list[str]:
        return split_arg_string(os.environ.get("COMP_LINE", os.environ["COMP_WORDS"]))


SHELLS: dict[str, type[ShellComplete]] = {"bash": Bash, "zsh": Zsh, "fish": Fish}


def _ledger_in(line: Iterable[str]) -> str:
    """Returns the place in the last --ledger option of a command line, or "" if there is no such option."""
    found = ""
    for word, following in pairwise([*line, ""]):
        if word == "--ledger":
            found = following
        elif word.startswith("--ledger="):
            found = word.partition("=")[2]
    return found


def _meant(word: str) -> str:
    """Returns a typed word without its quotes."""
    return " ".join(split_arg_string(word))


def _typed(words: Iterable[str]) -> list[tuple[str, str]]:
    """Returns each word as (prefix, word) as it was typed. `prefix` is the part of the word before the last piece that
    bash has split off.
    """
    found = [("", "")]
    for before, word in pairwise(["", *words]):
        sign = bool(word) and SIGNS.issuperset(word)
        if sign or (word and before and SIGNS.issuperset(before)):
            _, begun = found[-1]
            found[-1] = (begun + word if sign else begun, begun + word)
        else:
            found.append(("", word))
    return found[1:]
