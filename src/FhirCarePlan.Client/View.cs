using Hl7.Fhir.Model;

namespace FhirCarePlan.Client;

/// <summary>What a caller may see of a resource: `Whole` or `Partial`, and nothing else. The resource is in the cases, so that nobody shows
/// a part as if it were all.</summary>
public abstract record View<T> where T : Resource
{
    private protected View() { }

    internal static View<T> Of(T resource) =>
        resource.Withheld is { } notice ? new Partial<T>(resource, notice) : new Whole<T>(resource);

    /// <summary>The resource if it is whole.</summary>
    /// <exception cref="PartialViewException">Something is withheld.</exception>
    public T WholeOrThrow() => this is Whole<T> whole ? whole.Resource : throw new PartialViewException(((Partial<T>)this).Notice);
}

/// <summary>Everything that the server has of the resource. Only this can be changed and sent back.</summary>
public sealed record Whole<T> : View<T> where T : Resource
{
    internal Whole(T resource) => Resource = resource;

    public T Resource { get; }
}

/// <summary>Parts are withheld. Show the notice beside the resource: what is missing may matter to somebody's safety.</summary>
public sealed record Partial<T> : View<T> where T : Resource
{
    internal Partial(T resource, WithheldNotice notice) => (Resource, Notice) = (resource, notice);

    public T Resource { get; }
    public WithheldNotice Notice { get; }
}

/// <summary>A whole resource was needed and a part came.</summary>
public sealed class PartialViewException(WithheldNotice notice)
    : InvalidOperationException($"Parts of the resource are withheld: {notice.Clause}")
{
    public WithheldNotice Notice { get; } = notice;
}
