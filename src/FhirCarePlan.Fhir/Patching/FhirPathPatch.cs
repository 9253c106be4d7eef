using FhirCarePlan.Fhir.Definitions;
using FhirCarePlan.Fhir.FhirPath;
using FhirCarePlan.Fhir.Formats;
using FhirCarePlan.Fhir.Model;

namespace FhirCarePlan.Fhir.Patching;

/// <summary>FHIRPath Patch: each path is asked of the resource as the operations before have left it. Nothing is resolved outside of the
/// resource. https://hl7.org/fhir/R4/fhirpatch.html</summary>
internal sealed class FhirPathPatch : IDisposable
{
    /// <summary>Steps of all paths of one patch together.</summary>
    private const int MostSteps = 1_000_000;

    private readonly PatchBudget budget;
    private readonly FhirPathContext context;
    private Document document;
    private PatchedElement[] elements;
    private bool isChanged;

    private FhirPathPatch(Document document, PatchBudget budget, TimeProvider clock)
    {
        (this.document, this.budget) = (document, budget);
        context = new FhirPathContext(clock) { Budget = new StepBudget(MostSteps) };
        elements = PatchedElement.Of(document);
    }

    /// <param name="resource">As canonical JSON.</param>
    /// <returns>Null, with the patched JSON, when all operations were done.</returns>
    public static Issue? Apply(Document parameters, ReadOnlyMemory<byte> resource, PatchBudget budget, TimeProvider clock, out byte[] patched)
    {
        patched = [];
        if (parameters.Type.Name != "Parameters")
            return PatchFault.Malformed($"The body is a `{parameters.Type.Name}`. A FHIRPath Patch is a `Parameters` with `operation`s; to send the whole resource, use PUT");
        if (parameters.Root.CountOf("parameter") > PatchBudget.MostOperations) return PatchFault.TooMany;
        using var run = new FhirPathPatch(Read(resource)!, budget, clock);
        var number = 0;
        foreach (var parameter in parameters.Root.All("parameter"))
        {
            if (PatchOperation.Read(parameter, number++, out var malformed) is not { } operation) return malformed;
            if (run.Do(operation) is { } fault) return fault;
        }
        patched = PatchedJson.Write(run.elements[0]);
        return null;
    }

    private static Document? Read(ReadOnlyMemory<byte> json) => JsonParser.Parse(json, new Report(), ParseLimits.Own with { AllowsEmpty = true });

    private Issue? Do(PatchOperation operation)
    {
        if (Renew(operation) is { } late) return late;
        var found = Find(operation, operation.Path, out var fault);
        if (found is null) return fault;
        isChanged = true;
        return operation.Type switch
        {
            "add" => Add(operation, found),
            "insert" => Insert(operation, found),
            "delete" => Delete(operation, found),
            "replace" => Replace(operation, found),
            _ => Move(operation, found),
        };
    }

    /// <summary>Reads the resource again as it is by now.</summary>
    private Issue? Renew(PatchOperation operation)
    {
        if (!isChanged) return null;
        var json = PatchedJson.Write(elements[0]);
        if (!budget.Spend(json.Length + (long)PatchBudget.Node * elements.Length)) return PatchFault.TooCostly(operation.Number);
        if (Read(json) is not { } next) return Unfit(operation, "the operation before left something that is not a resource");
        document.Dispose();
        (document, elements, isChanged) = (next, PatchedElement.Of(next), false);
        return null;
    }

    /// <summary>Null, with the fault, for a path that cannot be asked.</summary>
    private List<PatchedElement>? Find(PatchOperation operation, string path, out Issue? fault)
    {
        fault = null;
        try
        {
            var found = new List<PatchedElement>();
            foreach (var item in FhirPathExpression.Compile(path).Evaluate(document.Root, context))
            {
                if (!item.IsNode || !ReferenceEquals(item.Node.Document, document))
                {
                    fault = Unfit(operation, $"{PatchFault.Shown(path)} leads to something that is not an element of the resource");
                    return null;
                }
                found.Add(elements[item.Node.Index]);
            }
            return found;
        }
        catch (FhirPathLimitException)
        {
            fault = PatchFault.TooCostly(operation.Number);
        }
        catch (FhirPathException e)
        {
            fault = PatchFault.Malformed(operation.Number, $"{PatchFault.Shown(path)} is not a path that can be asked: {e.Message}", operation.Location);
        }
        return null;
    }

    private Issue? Add(PatchOperation operation, List<PatchedElement> found)
    {
        if (One(operation, found, out var parent) is { } fault) return fault;
        if (Make(operation, parent!, operation.Name!, out var made) is { } wrong) return wrong;
        if (!made!.Property!.Element.IsCollection && parent!.All(made.Property.Element).Count > 0)
            return Unfit(operation, $"{PatchFault.Shown(operation.Name!)} is there already and may be there once; use `replace`");
        parent!.Add(made);
        return null;
    }

    private Issue? Insert(PatchOperation operation, List<PatchedElement> found)
    {
        if (List(operation, found, out var parent, out var element) is { } fault) return fault;
        var all = parent!.All(element!);
        if (operation.Index > all.Count) return Unfit(operation, $"`index` is {operation.Index}, and the list has {all.Count}");
        if (Make(operation, parent, element!.Name, out var made) is { } wrong) return wrong;
        parent.Insert(made!, operation.Index < all.Count ? all[operation.Index] : null);
        return null;
    }

    private static Issue? Delete(PatchOperation operation, List<PatchedElement> found)
    {
        if (found.Count > 1) return Unfit(operation, $"{PatchFault.Shown(operation.Path)} leads to {found.Count} elements; it must lead to one");
        if (found is [{ Parent: null }]) return Unfit(operation, "the whole resource cannot be removed; delete it instead");
        if (found is [var only]) only.Remove();
        return null;
    }

    private Issue? Replace(PatchOperation operation, List<PatchedElement> found)
    {
        if (One(operation, found, out var old) is { } fault) return fault;
        if (old!.Parent is not { } parent) return Unfit(operation, "the whole resource cannot be replaced; use PUT");
        if (Make(operation, parent, old.Property!.Element.Name, out var made) is { } wrong) return wrong;
        parent.Replace(old, made!);
        return null;
    }

    private Issue? Move(PatchOperation operation, List<PatchedElement> found)
    {
        if (List(operation, found, out var parent, out var element) is { } fault) return fault;
        var all = parent!.All(element!);
        foreach (var place in (ReadOnlySpan<int>)[operation.Source, operation.Destination])
            if (place >= all.Count) return Unfit(operation, $"`source` and `destination` must be below {all.Count}, the length of the list");
        var moved = all[operation.Source];
        all.RemoveAt(operation.Source);
        moved.TakeOut();
        parent.Insert(moved, operation.Destination < all.Count ? all[operation.Destination] : null);
        return null;
    }

    private static Issue? One(PatchOperation operation, List<PatchedElement> found, out PatchedElement? only)
    {
        only = found is [var first] ? first : null;
        return only != null ? null : Unfit(operation, $"{PatchFault.Shown(operation.Path)} leads to {(found.Count == 0 ? "nothing" : $"{found.Count} elements")}; it must lead to one element");
    }

    /// <summary>The list that a path selects as a whole; one that is not there yet is told by the last name of the path.</summary>
    private Issue? List(PatchOperation operation, List<PatchedElement> found, out PatchedElement? parent, out ElementInfo? element)
    {
        (parent, element) = (null, null);
        if (found is [{ Parent: { } first }, ..])
        {
            (parent, element) = (first, found[0].Property!.Element);
            var all = parent.All(element);
            return element.IsCollection && all.SequenceEqual(found)
                ? null : Unfit(operation, $"{PatchFault.Shown(operation.Path)} must lead to all elements of one list");
        }
        if (found.Count == 0 && operation.Path.LastIndexOf('.') is > 0 and var dot && Find(operation, operation.Path[..dot], out _) is [var owner]
            && owner.Type.Element(operation.Path[(dot + 1)..].Trim()) is { IsCollection: true } list)
        {
            (parent, element) = (owner, list);
            return null;
        }
        return Unfit(operation, $"{PatchFault.Shown(operation.Path)} leads to no list");
    }

    private Issue? Make(PatchOperation operation, PatchedElement parent, string name, out PatchedElement? made)
    {
        made = null;
        // A primitive carries `id` and extensions beside it in JSON; some, such as the id of a resource, cannot.
        if (parent is { Type.IsPrimitive: true, Property.Companion: null }) return Unfit(operation, $"{PatchFault.Shown(operation.Path)} has no children");
        var value = new PatchValue(budget);
        var wrong = value.Make(parent.Type, name, operation.Value, parent.Depth, out made);
        return value.IsTooCostly ? PatchFault.TooCostly(operation.Number) : wrong is null ? null : Unfit(operation, wrong);
    }

    private static Issue Unfit(PatchOperation operation, string text) => PatchFault.Unfit(operation.Number, text, operation.Location);

    public void Dispose() => document.Dispose();
}
