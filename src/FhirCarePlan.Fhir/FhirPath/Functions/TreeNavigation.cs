using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.FhirPath.Functions;

/// <summary>http://hl7.org/fhirpath/N1/#tree-navigation</summary>
internal static class TreeNavigation
{
    public static Code Children(Call call) => OfNodes(call, static (e, node) =>
    {
        foreach (var child in node.Children) e.Push(child);
    });

    /// <summary>In document order, without the node itself.</summary>
    public static Code Descendants(Call call) => OfNodes(call, PushBelow);

    private static void PushBelow(Evaluation e, Node node)
    {
        foreach (var child in node.Children)
        {
            e.Tick();
            e.Push(child);
            if (child.HasChildren) PushBelow(e, child);
        }
    }

    private static Code OfNodes(Call call, Action<Evaluation, Node> push)
    {
        var run = call.Input.Run;
        return Code.Of(e =>
        {
            var start = e.Top;
            run(e);
            var end = e.Top;
            for (var i = start; i < end; i++)
            {
                e.Tick();
                if (e[i].IsNode) push(e, e[i].Node);
            }
            e.Drop(start, end);
        });
    }
}
