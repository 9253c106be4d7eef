namespace FhirCarePlan.Fhir.FhirPath.Patterns;

internal enum Op { One, Jump, Try, Mark, Enter, Leave, Look, Atomic, Back, Place, Done }

/// <param name="A">Where to go on (`Jump`, first of `Try`, `Look` after its part), or a number: of a mark, of a group.</param>
/// <param name="B">The second way of `Try`; of `Look`: 1 for behind, 2 for negative, 3 for both.</param>
internal readonly record struct Instruction(Op Op, int A = 0, int B = 0, CharacterSet? Set = null);

/// <summary>A pattern as instructions for the matcher.</summary>
internal sealed class PatternProgram
{
    public const int Most = 20_000;

    private readonly List<Instruction> code = [];

    private PatternProgram(int groups) => Marks = 2 * groups;

    public IReadOnlyList<Instruction> Code => code;
    /// <summary>Where each group begins and ends, then where the repetitions began.</summary>
    public int Marks { get; private set; }

    public static PatternProgram Of(PatternNode root, int groups)
    {
        var program = new PatternProgram(groups);
        program.Add(new Group(root, 0));
        program.code.Add(new(Op.Done));
        return program;
    }

    private void Add(PatternNode node)
    {
        switch (node)
        {
            case OneOf one: code.Add(new(Op.One, Set: one.Set)); break;
            case Place place: code.Add(new(Op.Place, place.Kind)); break;
            case Back back: code.Add(new(Op.Back, back.Number, back.IgnoresCase ? 1 : 0)); break;
            case Sequence sequence:
                foreach (var part in sequence.Parts) Add(part);
                break;
            case Group group:
                code.Add(new(Op.Mark, 2 * group.Number));
                Add(group.Part);
                code.Add(new(Op.Mark, 2 * group.Number + 1));
                break;
            case Look look: AddPart(Op.Look, look.Part, (look.IsBehind ? 1 : 0) + (look.IsNegative ? 2 : 0)); break;
            case Atomic atomic: AddPart(Op.Atomic, atomic.Part, 0); break;
            case Alternatives any: AddAlternatives(any); break;
            case Repeated repeated: AddRepeated(repeated); break;
        }
    }

    /// <summary>A part that is matched for itself.</summary>
    private void AddPart(Op op, PatternNode part, int kind)
    {
        var at = Reserve();
        Add(part);
        code.Add(new(Op.Done));
        code[at] = new(op, code.Count, kind);
    }

    private void AddAlternatives(Alternatives any)
    {
        var ends = new List<int>();
        for (var i = 0; i < any.Parts.Count; i++)
        {
            if (i == any.Parts.Count - 1)
            {
                Add(any.Parts[i]);
                break;
            }
            var at = Reserve();
            Add(any.Parts[i]);
            ends.Add(Reserve());
            code[at] = new(Op.Try, at + 1, code.Count);
        }
        foreach (var end in ends) code[end] = new(Op.Jump, code.Count);
    }

    private void AddRepeated(Repeated repeated)
    {
        for (var i = 0; i < repeated.Least; i++) Add(repeated.Part);
        if (repeated.Most == int.MaxValue)
        {
            // A round that took nothing must not go round again.
            var (loop, mark) = (Reserve(), Marks++);
            code.Add(new(Op.Enter, mark));
            Add(repeated.Part);
            code.Add(new(Op.Leave, mark));
            code.Add(new(Op.Jump, loop));
            code[loop] = Choice(loop + 1, code.Count, repeated.IsLazy);
            return;
        }
        var ways = new List<int>();
        for (var i = repeated.Least; i < repeated.Most; i++)
        {
            ways.Add(Reserve());
            Add(repeated.Part);
        }
        foreach (var way in ways) code[way] = Choice(way + 1, code.Count, repeated.IsLazy);
    }

    private static Instruction Choice(int again, int end, bool isLazy) => isLazy ? new(Op.Try, end, again) : new(Op.Try, again, end);

    private int Reserve()
    {
        code.Add(default);
        return code.Count - 1;
    }
}
