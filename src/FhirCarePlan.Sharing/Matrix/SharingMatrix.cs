namespace FhirCarePlan.Sharing.Matrix;

/// <summary>Who may see and do what, for which purpose, on which condition: every question that the agreement can tell apart, asked of the
/// decision itself. It reads no rule; MatrixTests compares it with decisions about random questions. src/docs/agreement.md#matrix</summary>
public sealed class SharingMatrix
{
    private readonly Dictionary<(Desk, string), DeskAnswers> byDesk = [];
    private readonly Dictionary<string, NameClass> classOf = new(StringComparer.Ordinal);
    private readonly HashSet<(string Party, string Role)> namedRoles;
    private readonly System.Collections.Concurrent.ConcurrentDictionary<(string, string), long> askedTies = [];
    private readonly System.Collections.Concurrent.ConcurrentDictionary<DeskAnswers, IReadOnlyList<string>[]> openedBy = new(ReferenceEqualityComparer.Instance);

    public Protocol Protocol { get; }
    public MatrixScope Scope { get; }
    public DateTimeOffset Now { get; }
    public Broker Broker { get; }
    /// <summary>Categories, then labels: the names of ProtocolBits in their order.</summary>
    public IReadOnlyList<string> Columns { get; }
    /// <summary>Those with a cell that is open.</summary>
    public IReadOnlyList<DeskAnswers> Open { get; }

    /// <summary>The agreement counts as active, signed and inside its dates: the question is what its text says.</summary>
    public static SharingMatrix Of(Protocol protocol, DateTimeOffset now) => new(protocol, new MatrixScope(protocol), now);

    public SharingMatrix(Protocol protocol, MatrixScope scope, DateTimeOffset now)
    {
        (Protocol, Scope, Now) = (TestRun.InForce(protocol), scope, TestRun.Within(protocol, now));
        Broker = new Broker(Protocol, ProtocolBits.InOrder(Protocol));
        Columns = ProtocolBits.NamesOf(Protocol);
        namedRoles = [.. scope.Desks.Where(d => !string.IsNullOrEmpty(d.Role)).Select(d => (d.Party, d.Role!))];
        foreach (var types in scope.Types)
            foreach (var name in types.Names) classOf[name] = types;
        var answers = new DeskAnswers[scope.Desks.Count * scope.Types.Count];
        var consents = new ConsentsSaid(Protocol);
        Parallel.For(0, scope.Desks.Count, desk =>
        {
            for (var i = 0; i < scope.Types.Count; i++)
                answers[desk * scope.Types.Count + i] = Ask(scope.Desks[desk], scope.Types[i], consents);
        });
        foreach (var answer in answers) byDesk[(answer.Desk, answer.Types.Example)] = answer;
        Open = [.. answers.Where(a => !a.IsClosed)];
    }

    private DeskAnswers Ask(Desk desk, NameClass types, ConsentsSaid consents)
    {
        var cells = new ulong[Columns.Count];
        var caller = consents.CallerOf(desk);
        Take(1UL << Contexts.Nobody, Permitted(hasPerson: false, 0, ConsentSaid.Nothing));
        var basis = Broker.Basis(caller, desk.Action, types.Example, desk.IsOwn, hasPerson: true);
        // What cannot be open whoever the person is need not be asked, nor asked again where ties and Consents change nothing.
        if (basis.Most == 0) return new DeskAnswers(desk, types, cells);
        var asked = basis.AsksTies ? AskedTies(desk) : 0;
        for (var tie = 0; tie < Contexts.Ties.Count; tie++)
        {
            if (tie > 0 && (Contexts.Ties[tie].Kind & asked) == 0) continue;
            var contexts = tie > 0 ? Contexts.Tied(tie) : Contexts.TiedOutside(asked);
            if (!basis.AsksConsent) Take(contexts, Permitted(true, Contexts.Ties[tie].Kind, ConsentSaid.Nothing));
            else
                foreach (var said in Enum.GetValues<ConsentSaid>())
                    Take(contexts & Contexts.Saying(said), Permitted(true, Contexts.Ties[tie].Kind, said));
        }
        return new DeskAnswers(desk, types, cells);

        long Permitted(bool hasPerson, long kind, ConsentSaid said) =>
            Broker.Permitted(new Question(caller, desk.Action, types.Example, desk.IsOwn, hasPerson, kind, consents.State(desk, said)),
                Now);

        void Take(ulong contexts, long permitted)
        {
            for (; permitted != 0; permitted &= permitted - 1)
                cells[System.Numerics.BitOperations.TrailingZeroCount(permitted)] |= contexts;
        }
    }

    public NameClass ClassOf(string type) => classOf.GetValueOrDefault(type) ?? Scope.Types[^1];

    /// <summary>The ties that some clause for this party and purpose asks for; any other is like none.</summary>
    private long AskedTies(Desk desk) => askedTies.GetOrAdd((desk.Party, desk.Purpose), key =>
        Protocol.Rules.Where(r => r.IsPermit && r.To.Contains(key.Item1) && r.Purposes.Contains(key.Item2)).Select(r => r.Relationship)
            .Concat((Protocol.Party(key.Item1)?.Home ?? []).Where(h => h.Purposes.Contains(key.Item2)).Select(h => h.Relationship))
            .Aggregate(0L, (all, kinds) => all | kinds));

    /// <summary>The answers of a desk of the scope.</summary>
    public DeskAnswers Answers(Desk desk, NameClass types) => byDesk[(desk, types.Example)];

    /// <summary>The answers about a type, whatever role is stated; null for a purpose that is not the party's, which opens
    /// nothing.</summary>
    public DeskAnswers? At(string party, string? role, string purpose, string action, bool isOwn, string type)
    {
        if (role is not null && !namedRoles.Contains((party, role))) role = MatrixScope.OtherRole;
        return byDesk.GetValueOrDefault((new Desk(party, role, purpose, action, isOwn), ClassOf(type).Example));
    }

    /// <summary>The question that a cell answers in one context, to ask for its reasons.</summary>
    public Question QuestionOf(Desk desk, string type, int context)
    {
        var (hasPerson, tie, said) = Contexts.At(context);
        var consents = new ConsentsSaid(Protocol);
        return new(consents.CallerOf(desk), desk.Action, type, desk.IsOwn, hasPerson, Contexts.Ties[tie].Kind, consents.State(desk, said));
    }

    /// <summary>For each category the clauses that open it, whatever the tie. Agreement opens all that anything said opens.</summary>
    public IReadOnlyList<string>[] Clauses(DeskAnswers answers) => openedBy.GetOrAdd(answers, ClausesOf);

    private IReadOnlyList<string>[] ClausesOf(DeskAnswers answers)
    {
        var clauses = new List<string>[Protocol.Categories.Count];
        for (var i = 0; i < clauses.Length; i++) clauses[i] = [];
        foreach (var context in Enumerable.Range(0, Contexts.Ties.Count).Select(tie => Contexts.Of(tie, ConsentSaid.Agreed))
            .Prepend(Contexts.Nobody))
        {
            if (!answers.Cells.Any(c => (c & 1UL << context) != 0)) continue;
            if (Contexts.At(context).Tie is > 0 and var tie && (Contexts.Ties[tie].Kind & AskedTies(answers.Desk)) == 0) continue;
            var reasons = Broker.Decide(QuestionOf(answers.Desk, answers.Types.Example, context), Now).Reasons;
            for (var i = 0; i < clauses.Length; i++)
                if (reasons[i].IsPermitted) clauses[i].AddRange(reasons[i].Rules.Except(clauses[i]));
        }
        return clauses;
    }
}
