using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>Steps that each look at one element at a time (`activity.detail.extension('…').value`): walked depth first, so that nothing is
/// collected on the way. The order is that of collecting step by step.</summary>
internal sealed class NodePath
{
    private readonly Code root;
    private readonly Step[] steps;

    private NodePath(Code root, Step[] steps) => (this.root, this.steps) = (root, steps);

    /// <summary>One step more from the result of other code.</summary>
    public static Code Extend(Code input, Step step)
    {
        var path = input.Path is { } known ? new NodePath(known.root, [.. known.steps, step]) : new NodePath(input, [step]);
        return Code.Of(path);
    }

    public void Run(Evaluation e)
    {
        var start = e.Top;
        root.Run(e);
        var end = e.Top;
        if (end - start == 1)
        {
            var only = e[start];
            e.Top = start;
            Push(e, only);
            return;
        }
        for (var i = start; i < end; i++) Push(e, e[i]);
        e.Drop(start, end);
    }

    /// <summary>Whether there is anything at the end of the path for which the criteria hold; what comes after it is not looked at.</summary>
    public bool Any(Evaluation e, Test? criteria = null)
    {
        var start = e.Top;
        root.Run(e);
        var (end, index, any) = (e.Top, 0, false);
        var scope = new Scope(e);
        for (var i = start; i < end && !any; i++) any = Any(e, e[i], criteria, ref index);
        scope.Leave(e);
        e.Top = start;
        return any;
    }

    private void Push(Evaluation e, in Item item)
    {
        if (item.IsNode) Push(e, item.Node, 0);
        else if (steps.Length == 1) steps[0].PushOf(e, item);
    }

    private void Push(Evaluation e, Node node, int at)
    {
        e.Tick();
        var step = steps[at];
        if (at + 1 == steps.Length)
            for (var found = step.First(node); !found.IsMissing; found = step.Next(found)) e.Push((Item)found);
        else
            for (var found = step.First(node); !found.IsMissing; found = step.Next(found)) Push(e, found, at + 1);
    }

    private bool Any(Evaluation e, in Item item, Test? criteria, ref int index)
    {
        if (item.IsNode) return Any(e, item.Node, 0, criteria, ref index);
        var start = e.Top;
        Push(e, item);
        var end = e.Top;
        var any = false;
        for (var i = start; i < end && !any; i++) any = Holds(e, e[i], criteria, ref index);
        e.Top = start;
        return any;
    }

    private bool Any(Evaluation e, Node node, int at, Test? criteria, ref int index)
    {
        e.Tick();
        var step = steps[at];
        for (var found = step.First(node); !found.IsMissing; found = step.Next(found))
            if (at + 1 < steps.Length ? Any(e, found, at + 1, criteria, ref index) : Holds(e, found, criteria, ref index)) return true;
        return false;
    }

    private static bool Holds(Evaluation e, in Item item, Test? criteria, ref int index)
    {
        if (criteria == null) return true;
        e.This = item;
        e.Index = index++;
        return criteria(e) == Truth.True;
    }
}

/// <summary>One step of a path, from an element to those below it.</summary>
internal abstract class Step
{
    /// <summary>The first element it leads to; Missing when there is none.</summary>
    public abstract Node First(Node node);

    /// <summary>The one after that.</summary>
    public abstract Node Next(Node found);

    /// <summary>Pushes what it leads to from something that is no element.</summary>
    public virtual void PushOf(Evaluation e, in Item item) { }
}
