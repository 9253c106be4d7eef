namespace FhirCarePlan.Fhir.FhirPath.Patterns;

/// <summary>Runs a pattern by trial and error, and counts its steps: what would take too long ends after the same number of steps on every
/// machine. It keeps its own stack, so that no text is too long for it.</summary>
internal sealed class PatternMatcher(PatternProgram program)
{
    private const int MostPending = 1 << 20;

    private readonly Instruction[] code = [.. program.Code];

    /// <summary>Where the groups of the first match at or after `start` are, whole match first; null when there is none.</summary>
    /// <param name="steps">How many may be taken; what is left.</param>
    /// <exception cref="FhirPathLimitException">They do not suffice.</exception>
    public int[]? Match(ReadOnlySpan<char> text, int start, ref long steps)
    {
        var marks = new int[program.Marks];
        for (; start <= text.Length; start++)
        {
            Array.Fill(marks, -1);
            if (Run(0, text, start, marks, ref steps) >= 0) return marks;
        }
        return null;
    }

    /// <summary>Where the part that begins at the instruction ends; -1 when it does not match.</summary>
    /// <param name="end">Where it must end; -1 for anywhere.</param>
    private int Run(int pc, ReadOnlySpan<char> text, int at, int[] marks, ref long steps, int end = -1)
    {
        // Ways not tried yet (pc, at), and marks to put back (-1 - mark, old value).
        var pending = new Stack<(int Pc, int At)>();
        while (true)
        {
            if (--steps < 0 || pending.Count > MostPending) throw new FhirPathLimitException("A regular expression takes too many steps");
            var instruction = code[pc];
            var goesOn = true;
            switch (instruction.Op)
            {
                case Op.Done when end < 0 || at == end: return at;
                case Op.Done: goesOn = false; break;
                case Op.One:
                    goesOn = at < text.Length && instruction.Set!.Contains(text[at]);
                    at++;
                    pc++;
                    break;
                case Op.Jump: pc = instruction.A; break;
                case Op.Try:
                    pending.Push((instruction.B, at));
                    pc = instruction.A;
                    break;
                case Op.Mark or Op.Enter:
                    pending.Push((-1 - instruction.A, marks[instruction.A]));
                    marks[instruction.A] = at;
                    pc++;
                    break;
                case Op.Leave:
                    goesOn = marks[instruction.A] != at;
                    pc++;
                    break;
                case Op.Place:
                    goesOn = IsAt((char)instruction.A, text, at);
                    pc++;
                    break;
                case Op.Back:
                    goesOn = Again(text, ref at, marks, instruction, ref steps);
                    pc++;
                    break;
                case Op.Atomic:
                    at = Run(pc + 1, text, at, marks, ref steps);
                    goesOn = at >= 0;
                    pc = instruction.A;
                    break;
                case Op.Look:
                    goesOn = Looks(pc + 1, text, at, marks, instruction.B, ref steps);
                    pc = instruction.A;
                    break;
            }
            if (goesOn) continue;
            while (true)
            {
                if (!pending.TryPop(out var back)) return -1;
                if (back.Pc >= 0)
                {
                    (pc, at) = back;
                    break;
                }
                marks[-1 - back.Pc] = back.At;
            }
        }
    }

    private bool Looks(int pc, ReadOnlySpan<char> text, int at, int[] marks, int kind, ref long steps)
    {
        var isNegative = (kind & 2) != 0;
        var own = isNegative ? (int[])marks.Clone() : marks;
        if ((kind & 1) == 0) return Run(pc, text, at, own, ref steps) >= 0 != isNegative;
        // Behind: from some place before, the part must end here.
        for (var from = at; from >= 0; from--)
            if (Run(pc, text, from, own, ref steps, at) == at) return !isNegative;
        return isNegative;
    }

    private static bool Again(ReadOnlySpan<char> text, ref int at, int[] marks, Instruction back, ref long steps)
    {
        var (start, end) = (marks[2 * back.A], marks[2 * back.A + 1]);
        if (start < 0 || end < start || end - start > text.Length - at) return false;
        steps -= (end - start) >> 3;
        var taken = text[start..end];
        if (!text.Slice(at, taken.Length).Equals(taken, back.B == 1 ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return false;
        at += taken.Length;
        return true;
    }

    private static bool IsAt(char place, ReadOnlySpan<char> text, int at) => place switch
    {
        '^' => at == 0,
        '$' => at == text.Length || at == text.Length - 1 && text[at] == '\n',
        'z' => at == text.Length,
        'b' => IsWord(text, at - 1) != IsWord(text, at),
        _ => IsWord(text, at - 1) == IsWord(text, at),
    };

    private static bool IsWord(ReadOnlySpan<char> text, int at) => at >= 0 && at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_');
}
