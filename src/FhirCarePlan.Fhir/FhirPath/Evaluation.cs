using System.Runtime.InteropServices;
using FhirCarePlan.Fhir.FhirPath.Values;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>One run of an expression: a stack of items, on which every piece of code leaves its result, and the state the pieces share. A
/// collection is a stretch of the stack, so intermediate results cost nothing. Each thread keeps one and uses it again.</summary>
internal sealed class Evaluation
{
    private const int MostKept = 4096, MostItemsFromOutside = 1_000_000;

    [ThreadStatic] private static Evaluation? spare;

    private Item[] stack = new Item[64];
    private readonly List<(object Key, int Start, int Count)> remembered = [];
    private readonly List<Item> results = [];
    private int highest;
    private long steps, allowed;
    private DateTimeOffset? now;

    /// <summary>One above the last item of the stack. Code runs with results of others below, and never touches them.</summary>
    public int Top;
    /// <summary>`$this`; None where the input of `iif` is empty.</summary>
    public Item This;
    /// <summary>`$index`.</summary>
    public int Index;
    /// <summary>Where `$total` is on the stack; -1 outside of `aggregate`.</summary>
    public int TotalStart, TotalCount;

    public FhirPathContext Context { get; private set; } = null!;
    /// <summary>`%context`: what the evaluation began with.</summary>
    public Node Focus { get; private set; }

    /// <summary>Taken out of its slot while it runs, since `conformsTo` may evaluate another expression on the same thread.</summary>
    public static Evaluation Begin(Node focus, FhirPathContext context)
    {
        var evaluation = spare ?? new Evaluation();
        spare = null;
        evaluation.Focus = focus;
        evaluation.Context = context;
        evaluation.This = focus;
        evaluation.steps = evaluation.allowed = context.Budget?.Left ?? (context.MaxSteps > 0 ? context.MaxSteps : long.MaxValue);
        return evaluation;
    }

    public void End()
    {
        if (Context.Budget is { } budget) budget.Left -= allowed - steps;
        // Documents are pooled: nothing here may keep one alive.
        if (stack.Length > MostKept) stack = new Item[64];
        else Array.Clear(stack, 0, highest);
        if (remembered.Count > 0)
        {
            remembered.Clear();
            results.Clear();
            if (results.Capacity > MostKept) results.Capacity = 0;
        }
        (Top, highest, Index, TotalStart, TotalCount, now) = (0, 0, 0, -1, 0, null);
        This = default;
        Focus = default;
        Context = null!;
        spare = this;
    }

    private Evaluation() => TotalStart = -1;

    public ref Item this[int at] => ref stack[at];

    public void Push(in Item item)
    {
        if (Top == stack.Length) Grow();
        stack[Top++] = item;
        if (Top > highest) highest = Top;
    }

    /// <summary>Pushes a node of the tree; Missing pushes nothing.</summary>
    public void Push(Node node)
    {
        if (!node.IsMissing) Push((Item)node);
    }

    private void Grow()
    {
        if (Context.IsLimited && Top >= MostItemsFromOutside)
            throw new FhirPathLimitException($"The expression yields more than {MostItemsFromOutside} items");
        Array.Resize(ref stack, stack.Length * 2);
    }

    /// <summary>Pushes what `Remember` kept under the key; false when there is nothing yet.</summary>
    public bool Recall(object key)
    {
        foreach (var (known, start, count) in CollectionsMarshal.AsSpan(remembered))
        {
            if (!ReferenceEquals(known, key)) continue;
            Tick();
            for (var i = start; i < start + count; i++) Push(results[i]);
            return true;
        }
        return false;
    }

    /// <summary>Keeps [start, Top) until the evaluation ends.</summary>
    public void Remember(object key, int start)
    {
        remembered.Add((key, results.Count, Top - start));
        results.AddRange(From(start));
    }

    /// <summary>Moves [from, Top) down to `to`, dropping what lay between.</summary>
    public void Drop(int to, int from)
    {
        var count = Top - from;
        if (count > 0 && to != from) Array.Copy(stack, from, stack, to, count);
        Top = to + count;
    }

    public Span<Item> From(int start) => stack.AsSpan(start, Top - start);

    /// <summary>Counts work; expressions from outside may only do so much.</summary>
    public void Tick(int count = 1)
    {
        if ((steps -= count) < 0)
            throw new FhirPathLimitException(Context.Budget is null
            ? $"The expression takes more than {Context.MaxSteps} steps"
            : "All expressions together take more steps than one resource is allowed");
    }

    /// <summary>How many steps are left.</summary>
    public long Left => steps;

    /// <summary>Counts work that was done already.</summary>
    public void Spend(long count) => steps -= count;

    /// <summary>Takes the one item above `start` off the stack; false when there is none.</summary>
    /// <exception cref="FhirPathException">There are several.</exception>
    public bool TakeOne(int start, out Item item, string taker)
    {
        var count = Top - start;
        item = count == 0 ? default : stack[start];
        Top = start;
        if (count > 1) throw new FhirPathException($"`{taker}` expects one item, found {count}");
        return count == 1;
    }

    /// <summary>Takes a result as a boolean: a single item that is not a boolean counts as true.
    /// http://hl7.org/fhirpath/N1/#singleton-evaluation-of-collections</summary>
    public Truth TakeTruth(int start)
    {
        if (!TakeOne(start, out var item, "a condition")) return Truth.Empty;
        if (item.Kind == ItemKind.Boolean) return item.Boolean ? Truth.True : Truth.False;
        if (!item.IsNode || item.Node.Type.SystemKind != ItemKind.Boolean) return Truth.True;
        var value = SystemValue.Of(item);
        return value.IsNone ? Truth.Empty : value.Boolean ? Truth.True : Truth.False;
    }

    /// <summary>`now()`, the same throughout an evaluation.</summary>
    public DateTimeOffset Now => now ??= Context.Clock.GetLocalNow();

    /// <summary>`%resource`: given by the context, else the focus's own; Missing without a focus.</summary>
    public Node Resource => !Context.Resource.IsMissing ? Context.Resource : Focus.IsMissing ? Focus : Focus.Resource;

    /// <summary>`%rootResource`: the resource that contains `%resource`, or itself. Entries of a bundle contain nothing of each
    /// other.</summary>
    public static Node RootResource(Node node)
    {
        var resource = node.Resource;
        while (!resource.IsRoot && resource.Name == "contained") resource = resource.Parent.Resource;
        return resource;
    }
}

/// <summary>`$this` and `$index` of the expression around, kept while another item is in turn.</summary>
internal readonly struct Scope(Evaluation outer)
{
    private readonly Item focus = outer.This;
    private readonly int index = outer.Index;

    public void Enter(Evaluation e, in Item item, int position)
    {
        e.This = item;
        e.Index = position;
    }

    public void Leave(Evaluation e)
    {
        e.This = focus;
        e.Index = index;
    }
}
