using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath;

/// <summary>Steps that each look at one element at a time (`activity.detail.extension('…').value`): walked depth first, so that nothing is
/// collected on the way. The order is that of collecting step by step.</summary>
internal sealed class NodePath
{
    private readonly Code root;
    private readonly Step[] steps;
    private readonly bool isFromThis;

    private NodePath(Code root, Step[] steps) => (this.root, this.steps, isFromThis) = (root, steps, ReferenceEquals(root, Compiler.This));

    /// <summary>One step more from the result of other code.</summary>
    public static Code Extend(Code input, Step step)
    {
        var path = input.Path is { } known ? new NodePath(known.root, [.. known.steps, step]) : new NodePath(input, [step]);
        return Code.Of(path);
    }

    /// <summary>The step that the path is, where it is one step from `$this`; else null.</summary>
    public Step? OnlyStep => isFromThis && steps.Length == 1 ? steps[0] : null;

    /// <summary>Pushes the nodes at the end of the path that meet the criteria.</summary>
    public void Run(Evaluation e, Test? criteria = null)
    {
        var visit = new Visit(e, criteria, isAny: false);
        var start = e.Top;
        if (!isFromThis) root.Run(e);
        var end = e.Top;
        if (isFromThis || end - start == 1)
        {
            var only = isFromThis ? e.This : e[start];
            e.Top = start;
            Follow(ref visit, only);
        }
        else
        {
            for (var i = start; i < end; i++) Follow(ref visit, e[i]);
            e.Drop(start, end);
        }
        visit.End();
    }

    /// <summary>True if a node at the end of the path meets the criteria; the search stops at the first.</summary>
    public bool Any(Evaluation e, Test? criteria = null)
    {
        var visit = new Visit(e, criteria, isAny: true);
        var (start, any) = (e.Top, false);
        if (isFromThis)
        {
            var only = e.This;
            any = Follow(ref visit, only);
        }
        else root.Run(e);
        for (var i = start; i < e.Top && !any; i++) any = Follow(ref visit, e[i]);
        e.Top = start;
        visit.End();
        return any;
    }

    /// <summary>True when the visit is over.</summary>
    private bool Follow(ref Visit visit, in Item from)
    {
        if (from.IsNode) return Follow(ref visit, from.Node, 0);
        return !from.IsNone && steps.Length == 1 && steps[0].Of(from) is { IsNone: false } found && visit.Reaches(found);
    }

    private bool Follow(ref Visit visit, Node node, int at)
    {
        visit.Evaluation.Tick();
        var step = steps[at];
        for (var found = step.First(node); !found.IsMissing; found = step.Next(found))
            if (at + 1 < steps.Length ? Follow(ref visit, found, at + 1) : visit.Reaches(found)) return true;
        return false;
    }

    /// <summary>One walk along a path, with what to do at its end.</summary>
    private ref struct Visit(Evaluation e, Test? criteria, bool isAny)
    {
        private readonly Scope outer = new(e);
        private int index;

        public readonly Evaluation Evaluation => e;

        /// <summary>True when nothing more is needed.</summary>
        public bool Reaches(in Item item)
        {
            if (criteria != null)
            {
                outer.Enter(e, item, index++);
                if (criteria(e) != Truth.True) return false;
            }
            if (isAny) return true;
            e.Push(item);
            return false;
        }

        public readonly void End()
        {
            if (criteria != null) outer.Leave(e);
        }
    }
}

/// <summary>One step of a path, from an element to those below it.</summary>
internal abstract class Step
{
    /// <summary>The first element it leads to; Missing when there is none.</summary>
    public abstract Node First(Node node);

    /// <summary>The one after that.</summary>
    public abstract Node Next(Node found);

    /// <summary>The result for an item that is not an element.</summary>
    public virtual Item Of(in Item item) => default;
}
