using FhirCarePlan.Fhir.Definitions;

namespace FhirCarePlan.Fhir.Tests.Definitions;

/// <summary>Rules, bindings and flags of R4's elements: each said once, by the type where it is the type's, by the element where it is the
/// element's.</summary>
public class RulesTests
{
    [Theory]
    [InlineData("string", "ele-1")]
    [InlineData("Extension", "ele-1 ext-1")]
    [InlineData("Period", "ele-1 per-1")]
    [InlineData("Reference", "ele-1 ref-1")]
    [InlineData("Age", "ele-1 qty-3 age-1")]
    [InlineData("Dosage", "ele-1")]
    [InlineData("CarePlan", "dom-2 dom-3 dom-4 dom-5 dom-6")]
    [InlineData("CarePlan.activity", "ele-1 cpl-3")]
    [InlineData("Patient.contact", "ele-1 pat-1")]
    [InlineData("Questionnaire.item", "ele-1 que-1 que-3 que-4 que-5 que-6 que-8 que-9 que-10 que-11 que-12 que-13")] // items of items keep them too
    [InlineData("Binary", "")]
    public void A_type_has_its_own_rules_and_those_of_its_base(string type, string keys) =>
        Assert.Equal(keys, string.Join(' ', R4.Type(type)!.Invariants.Select(i => i.Key)));

    [Theory]
    [InlineData("CarePlan", "status", "")]
    [InlineData("Questionnaire", "url", "")]
    [InlineData("Patient", "contact", "")] // pat-1 is a rule of the backbone type
    [InlineData("ElementDefinition", "max", "eld-3")]
    [InlineData("CarePlan.activity.detail", "quantity", "sqty-1")]
    public void An_element_has_only_what_its_type_does_not_say(string type, string element, string keys) =>
        Assert.Equal(keys, string.Join(' ', R4.Type(type)!.Element(element)!.Invariants.Select(i => i.Key)));

    [Fact]
    public void A_rule_of_SimpleQuantity_does_not_bind_the_other_types_of_a_choice()
    {
        Assert.Equal("comparator.empty()", Rule("CarePlan.activity.detail", "quantity").Expression);
        Assert.Equal("$this is Quantity implies comparator.empty()", Rule("Dosage.doseAndRate", "dose").Expression);

        static Invariant Rule(string type, string element) => Assert.Single(R4.Type(type)!.Element(element)!.Invariants);
    }

    [Fact]
    public void A_warning_is_no_error() =>
        Assert.Equal(["dom-6"], R4.Type("CarePlan")!.Invariants.Where(i => !i.IsError).Select(i => i.Key));

    [Theory]
    [InlineData("CarePlan", "status", BindingStrength.Required, "http://hl7.org/fhir/ValueSet/request-status|4.0.1")]
    [InlineData("Meta", "security", BindingStrength.Extensible, "http://hl7.org/fhir/ValueSet/security-labels")]
    [InlineData("Patient", "language", BindingStrength.Preferred, "http://hl7.org/fhir/ValueSet/languages")]
    [InlineData("CarePlan", "category", BindingStrength.Example, "http://hl7.org/fhir/ValueSet/care-plan-category")]
    public void Knows_bindings(string type, string element, BindingStrength strength, string valueSet) =>
        Assert.Equal(new Binding(strength, valueSet), R4.Type(type)!.Element(element)!.Binding);

    [Theory]
    [InlineData("CarePlan", "status", true, true)]
    [InlineData("CarePlan", "implicitRules", true, true)]
    [InlineData("CarePlan", "modifierExtension", true, false)]
    [InlineData("CarePlan.activity", "modifierExtension", true, true)]
    [InlineData("CarePlan", "title", false, true)]
    [InlineData("CarePlan", "note", false, false)]
    public void Knows_what_modifies_and_what_is_summary(string type, string element, bool modifier, bool summary) =>
        Assert.Equal((modifier, summary), (R4.Type(type)!.Element(element)!.IsModifier, R4.Type(type)!.Element(element)!.IsSummary));

    [Theory]
    [InlineData("CarePlan", "subject", "Patient Group")]
    [InlineData("CarePlan", "supportingInfo", "")]
    [InlineData("CarePlan", "instantiatesCanonical", "PlanDefinition Questionnaire Measure ActivityDefinition OperationDefinition")]
    public void Knows_what_a_reference_may_lead_to(string type, string element, string targets) =>
        Assert.Equal(targets, string.Join(' ', R4.Type(type)!.Element(element)!.Types[0].Targets));
}
