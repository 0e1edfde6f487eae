/** Types of restrictions, sort orders, views, what a search gives, and configurations. */

/** In the notation of the schema. */
export const SEARCH_TYPES = `
enum ItemQueryTraversalType Shallow SoftDeleted Associated
enum FolderQueryTraversalType Shallow Deep SoftDeleted
enum IndexBasePointType Beginning End
enum SortDirectionType Ascending Descending
enum ContainmentModeType FullString Prefixed Substring PrefixOnWords ExactPhrase
enum ContainmentComparisonType Exact IgnoreCase IgnoreNonSpacingCharacters Loose IgnoreCaseAndNonSpacingCharacters LooseAndIgnoreCase LooseAndIgnoreNonSpace LooseAndIgnoreCaseAndIgnoreNonSpace
type BasePagingType abstract
  @MaxEntriesReturned int
type IndexedPageViewType : BasePagingType
  @Offset! int
  @BasePoint! IndexBasePointType
type FractionalPageViewType : BasePagingType
  @Numerator! int
  @Denominator! int
type CalendarViewType : BasePagingType
  @StartDate! dateTime
  @EndDate! dateTime
type SearchExpressionType abstract
element SearchExpression SearchExpressionType
type ConstantValueType
  @Value! string
type FieldURIOrConstantType
  | ^Path
  | Constant ConstantValueType
type ExistsType : SearchExpressionType
  ^Path
type ExcludesValueType
  @Value! string
type ExcludesType : SearchExpressionType
  ^Path
  Bitmask ExcludesValueType
type ContainsExpressionType : SearchExpressionType
  ^Path
  Constant ConstantValueType
  @ContainmentMode ContainmentModeType
  @ContainmentComparison ContainmentComparisonType
type TwoOperandExpressionType : SearchExpressionType abstract
  ^Path
  FieldURIOrConstant FieldURIOrConstantType
type IsEqualToType : TwoOperandExpressionType
type IsNotEqualToType : TwoOperandExpressionType
type IsGreaterThanType : TwoOperandExpressionType
type IsGreaterThanOrEqualToType : TwoOperandExpressionType
type IsLessThanType : TwoOperandExpressionType
type IsLessThanOrEqualToType : TwoOperandExpressionType
type MultipleOperandBooleanExpressionType : SearchExpressionType abstract
  ^SearchExpression+
type AndType : MultipleOperandBooleanExpressionType
type OrType : MultipleOperandBooleanExpressionType
type NotType : SearchExpressionType
  ^SearchExpression
element Exists ExistsType < SearchExpression
element Excludes ExcludesType < SearchExpression
element Contains ContainsExpressionType < SearchExpression
element IsEqualTo IsEqualToType < SearchExpression
element IsNotEqualTo IsNotEqualToType < SearchExpression
element IsGreaterThan IsGreaterThanType < SearchExpression
element IsGreaterThanOrEqualTo IsGreaterThanOrEqualToType < SearchExpression
element IsLessThan IsLessThanType < SearchExpression
element IsLessThanOrEqualTo IsLessThanOrEqualToType < SearchExpression
element And AndType < SearchExpression
element Or OrType < SearchExpression
element Not NotType < SearchExpression
type RestrictionType
  ^SearchExpression
type FieldOrderType
  ^Path
  @Order! SortDirectionType
type NonEmptyArrayOfFieldOrdersType
  FieldOrder+ FieldOrderType
enum AggregateType Minimum Maximum
type AggregateOnType
  | FieldURI PathToUnindexedFieldType
  | IndexedFieldURI PathToIndexedFieldType
  | ExtendedFieldURI PathToExtendedFieldType
  @Aggregate! AggregateType
type BaseGroupByType abstract
  @Order! SortDirectionType
type GroupByType : BaseGroupByType
  | FieldURI PathToUnindexedFieldType
  | IndexedFieldURI PathToIndexedFieldType
  | ExtendedFieldURI PathToExtendedFieldType
  AggregateOn AggregateOnType
type GroupedItemsType
  GroupIndex string
  Items ArrayOfRealItemsType
type ArrayOfGroupedItemsType
  GroupedItems* GroupedItemsType
type FindItemParentType
  | Items ArrayOfRealItemsType
  | Groups ArrayOfGroupedItemsType
  @IndexedPagingOffset int
  @NumeratorOffset int
  @AbsoluteDenominator int
  @IncludesLastItemInRange boolean
  @TotalItemsInView int
type ArrayOfEmailAddressesType
  Address* EmailAddressType
type ArrayOfDLExpansionType
  Mailbox* EmailAddressType
  @IndexedPagingOffset int
  @NumeratorOffset int
  @AbsoluteDenominator int
  @IncludesLastItemInRange boolean
  @TotalItemsInView int
type RoomType
  Id? EmailAddressType
type ArrayOfRoomsType
  Room* RoomType
enum UserConfigurationPartType Id Dictionary XmlData BinaryData All
list UserConfigurationPropertyType UserConfigurationPartType
enum UserConfigurationDictionaryObjectTypesType DateTime Boolean Byte String Integer32 UnsignedInteger32 Integer64 UnsignedInteger64 StringArray ByteArray
type UserConfigurationNameType : TargetFolderIdType
  @Name! NonEmptyStringType
type UserConfigurationDictionaryObjectType
  Type UserConfigurationDictionaryObjectTypesType
  Value+ string
type UserConfigurationDictionaryEntryType
  DictionaryKey UserConfigurationDictionaryObjectType
  DictionaryValue UserConfigurationDictionaryObjectType
type UserConfigurationDictionaryType
  DictionaryEntry* UserConfigurationDictionaryEntryType
type UserConfigurationType
  UserConfigurationName UserConfigurationNameType
  ItemId? ItemIdType
  Dictionary? UserConfigurationDictionaryType
  XmlData? base64Binary
  BinaryData? base64Binary
type FindFolderParentType
  Folders? ArrayOfFoldersType
  @IndexedPagingOffset int
  @NumeratorOffset int
  @AbsoluteDenominator int
  @IncludesLastItemInRange boolean
  @TotalItemsInView int
`;
